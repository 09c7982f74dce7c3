import type { JsonObject } from '../../core/json.ts'

/** Seconds that agents wait: longer than `remit-hook` and the gateway hold a call (docs/hooks.md). */
export const BEFORE_SECONDS = 180
export const AFTER_SECONDS = 30

export interface CommandHookWish {
  readonly command: string
  readonly seconds: number
  /** Of the agent’s clock in one second. */
  readonly ticks?: number
  readonly matcher?: string
  readonly more?: JsonObject
}

/** A group of one command, as Claude Code’s hooks are written and those of agents that follow it. */
export function commandHook({
  command,
  seconds,
  ticks = 1,
  matcher,
  more = {},
}: CommandHookWish): JsonObject {
  return {
    ...(matcher === undefined ? {} : { matcher }),
    hooks: [{ type: 'command', command, timeout: seconds * ticks, ...more }],
  }
}

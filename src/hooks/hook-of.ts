import type { HeardHook } from '../gate/fleet/presence.ts'
import type { AgentAdapter } from './agent-adapter.ts'
import type { HookEvent } from './hook-event.ts'

const VERSION = /^[\w.+-]{1,64}$/

/** That an agent's hooks are alive, and in which conversation. */
export function hookOf({ agent }: Pick<AgentAdapter, 'agent'>, event: HookEvent): HeardHook {
  const { session } = event
  const version = event.moment === 'start' ? event.version : undefined
  return {
    agent,
    ...(session === undefined ? {} : { session }),
    ...(version === undefined || !VERSION.test(version) ? {} : { version }),
  }
}

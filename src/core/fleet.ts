import type { HumanId, TaskId, TenantId } from './ids.ts'

/** What whoever starts beside an agent finds where its hooks are set up. `changed` = they are not what was written there. */
export const HOOK_FILES = ['present', 'missing', 'disabled', 'changed'] as const
export type HookFiles = (typeof HOOK_FILES)[number]

/**
 * What an agent with hooks does that it would not do if they worked: calls over MCP while nothing is heard of its hooks; the
 * end of a tool that nobody asked about; hooks that are missing, switched off, or not what they were.
 */
export const IRREGULARITIES = [
  'calls-without-hooks',
  'ran-unasked',
  'hooks-missing',
  'hooks-disabled',
  'hooks-changed',
] as const
export type Irregularity = (typeof IRREGULARITIES)[number]

/** A machine as it names itself; nothing of it is proved. */
export interface Machine {
  /** Made at random on the machine, and kept there. */
  readonly id: string
  /** Host name. */
  readonly name: string
  readonly platform: string
}

/** What is told of an agent as it starts, by the part of Remit beside it. */
export interface StartReport {
  /** In Remit's words: `claude-code`, `codex`, … */
  readonly agent: string
  /** Of the agent; absent = it does not tell. */
  readonly version?: string
  /** Of Remit beside it. */
  readonly remit?: string
  readonly machine: Machine
  /** Absent = nobody looked, or the agent has no hooks. */
  readonly hooks?: {
    readonly files: HookFiles
    /** SHA-256 over the entries that concern Remit; absent = there are none. */
    readonly digest?: string
  }
}

/** An agent that the gateway has heard of: one for each human, machine and agent. Times are milliseconds since the epoch. */
export interface FleetAgent extends Omit<StartReport, 'machine'> {
  readonly id: string
  readonly tenant: TenantId
  readonly human: HumanId
  /** The latest task that it worked for. */
  readonly task: TaskId
  /** Absent = its hooks alone were heard, which do not tell. */
  readonly machine?: Machine
  readonly first: number
  readonly seen: number
  /** When it last reported, and when its hooks were last heard; absent = never. */
  readonly reported?: number
  readonly heard?: number
  /** The latest that was on record. */
  readonly irregular?: { readonly reason: Irregularity; readonly at: number }
}

/**
 * `alive` = its hooks are heard; `quiet` = they are set up, or were heard, and are not heard now; the next three as their
 * files say; `unknown` = nobody knows of any.
 */
export const HOOK_STATES = ['alive', 'quiet', 'missing', 'disabled', 'changed', 'unknown'] as const
export type HookState = (typeof HOOK_STATES)[number]

/** How its hooks were when it was last seen. @param fresh for how many milliseconds a hook that was heard counts. */
export function hookStateOf({ hooks, heard, reported, seen }: FleetAgent, fresh: number): HookState {
  if (hooks?.files === 'changed') return 'changed'
  const alive = heard !== undefined && seen - heard <= fresh
  // They may be set up at another place than was looked at, and what was switched off may be on again.
  if (alive && (hooks?.files === 'present' || heard >= (reported ?? 0))) return 'alive'
  if (hooks?.files === 'missing' || hooks?.files === 'disabled') return hooks.files
  return hooks === undefined && heard === undefined ? 'unknown' : 'quiet'
}

/** What is wrong with the files of its hooks; undefined = nothing. */
export function wrongWithFiles(files: HookFiles | undefined): Irregularity | undefined {
  return files === undefined || files === 'present' ? undefined : `hooks-${files}`
}

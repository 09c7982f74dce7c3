import type { TaskId } from '../../core/ids.ts'
import type { FleetAgent, StartReport } from '../../core/fleet.ts'
import type { Caller } from '../gate.ts'

/** What the way of a call asks and tells; it answers from memory. */
export interface Presence {
  /** Whether the hooks of whoever works for exactly this task were heard of late. */
  hooked(task: TaskId, now: number): boolean
  /**
   * A tool was called over MCP. Returns at once: what that means goes on record beside it.
   * @param use the agent's id of the use.
   */
  called(caller: Caller, use?: string): void
}

/** A hook that came in. */
export interface HeardHook {
  readonly agent: string
  /** The agent's id of the conversation; absent = it tells none. */
  readonly session?: string
  readonly version?: string
}

/** What the door for hooks tells. Nobody waits for it. */
export interface HookPresence {
  heard(caller: Caller, hook: HeardHook): void
  /** Whether a use of what its agent has for a tool of the gateway came here; also where that cannot be told. */
  cameHere(caller: Caller, use: string | undefined): boolean
  /** A tool ran, its agent says, and nobody here was asked about it. */
  ranUnasked(caller: Caller, hook: HeardHook): void
}

export interface ReportPresence {
  /** @throws RemitError `input_invalid` where the task has told of too many, `overloaded` too often; `ledger_*`. */
  report(caller: Caller, report: StartReport): Promise<FleetAgent>
}

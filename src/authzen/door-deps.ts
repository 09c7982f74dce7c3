import type { Clock } from '../core/clock.ts'
import type { Log } from '../core/log.ts'
import type { FileSystemView } from '../core/tool-call.ts'
import type { Gate } from '../gate/gate.ts'
import type { ReportedCalls } from '../gate/reported-calls.ts'

export interface AuthzenDoorDeps {
  readonly gate: Gate
  readonly log: Log
  readonly clock: Clock
  /** Whether the gateway sees the files that applications work on. */
  readonly fileSystem: FileSystemView
  /** Longest that an evaluation waits for its approval, in milliseconds. */
  readonly hold: number
  readonly newRequestId: () => string
  /** What was permitted and has not been reported. */
  readonly open: ReportedCalls
}

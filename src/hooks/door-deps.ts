import type { Clock } from '../core/clock.ts'
import type { Log } from '../core/log.ts'
import type { FileSystemView } from '../core/tool-call.ts'
import type { HookPresence } from '../gate/fleet/presence.ts'
import type { Gate } from '../gate/gate.ts'
import type { SubAgents } from '../gate/sub-agents/sub-agents.ts'

export interface HookDoorDeps {
  readonly gate: Gate
  /** Told of every hook: that they are alive. */
  readonly presence: HookPresence
  readonly subAgents: SubAgents
  readonly log: Log
  readonly clock: Clock
  /** Whether the gateway sees the files that agents work on. */
  readonly fileSystem: FileSystemView
  /** How long a tool waits for its approval, in milliseconds: less than any agent's own patience. */
  readonly hold: number
  readonly newRequestId: () => string
}

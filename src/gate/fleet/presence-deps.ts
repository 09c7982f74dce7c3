import type { GateDeps } from '../gate-deps.ts'
import type { FleetStore } from './kept-agents.ts'

export interface PresenceDeps extends Pick<GateDeps, 'settings' | 'journal' | 'clock' | 'sha256' | 'log'> {
  readonly fleet: FleetStore
  /** For how many milliseconds a hook that was heard counts. */
  readonly fresh: number
  /** For how many an agent is kept after it was last seen. */
  readonly keep: number
}

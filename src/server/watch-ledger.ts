import { openCopies } from './checkpoints/open-copies.ts'
import type { Cleanup } from './cleanup.ts'
import type { Foundation } from './open-foundation.ts'
import type { StatusSources } from './report-status.ts'
import { runHeartbeat, silenceBefore } from './run-heartbeat.ts'

/** Heartbeats and copies of checkpoints until the gateway stops; before its start is on record. */
export async function watchLedger(
  foundation: Foundation,
  cleanup: Cleanup,
): Promise<StatusSources['ledger']> {
  const copies = openCopies(foundation, cleanup)
  const heartbeat = runHeartbeat(foundation, await silenceBefore(foundation), cleanup)
  return () => ({ copies: copies.list(), silences: heartbeat.silences })
}

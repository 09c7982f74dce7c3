import type { GateDeps } from '../gate/gate-deps.ts'
import type { Cleanup } from './cleanup.ts'
import type { Foundation } from './open-foundation.ts'
import { runCourier } from './run-courier.ts'
import { sweepApprovals } from './sweep-approvals.ts'

/** What is done about requests for consent while nobody asks: people are told, and what has run out ends. */
export function attendApprovals(foundation: Foundation, gate: GateDeps, cleanup: Cleanup): void {
  sweepApprovals(gate, cleanup)
  runCourier(foundation, gate, cleanup)
}

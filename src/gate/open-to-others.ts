import { hasEscalated } from '../core/escalation.ts'
import type { Gate } from '../core/decision.ts'
import type { WaitingRequest } from './gates-of-human.ts'
import { type ApproverDeps, countClosers } from './who-is-there.ts'

/**
 * Whether those of `@escalate_to` may close this gate as well: its time is over, or fewer of those whom it asks first
 * are there than it needs. Looked up as clock, people and rules stand now, so that every replica says the same.
 */
export function isOpenToOthers(deps: ApproverDeps, request: WaitingRequest, gate: Gate): boolean {
  if (gate.escalateTo === undefined) return false
  if (hasEscalated(request.approval, gate, deps.clock.now())) return true
  return countClosers(deps, request, { scope: gate.scope, others: false }) < gate.quorum
}

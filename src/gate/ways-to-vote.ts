import type { Vote } from '../core/approval.ts'
import type { Human } from '../core/identity.ts'
import { gatesOfHuman, type WaitingRequest } from './gates-of-human.ts'
import { isOpenToOthers } from './open-to-others.ts'
import { type ApproverDeps, findApprover } from './who-is-there.ts'

/** Gates that somebody may close now, by scope. */
export interface WayToVote {
  readonly gates: readonly string[]
  /** Those of them that are open to them only since others may agree as well. */
  readonly escalated: readonly string[]
}

/** How a human may agree to a request, as clock, roles, rules and people stand now. */
export function waysToVote(deps: ApproverDeps, human: Human, request: WaitingRequest): readonly WayToVote[] {
  const first = gatesOfHuman(deps, human, request)
  const gates = gatesOfHuman(deps, human, request, (gate) => isOpenToOthers(deps, request, gate))
  return gates.length === 0 ? [] : [{ gates, escalated: gates.filter((scope) => !first.includes(scope)) }]
}

/**
 * Whether a vote could be given today: whoever gave it is known, and roles and rules let them. That a gate was open to
 * others when they agreed stays so.
 */
export function holds(
  deps: ApproverDeps,
  request: WaitingRequest & { readonly chain: NonNullable<WaitingRequest['chain']> },
  vote: Vote,
): boolean {
  const human = findApprover(deps, request.chain, vote.human)
  if (human === undefined) return false
  const open = (): boolean => vote.escalated === true
  return gatesOfHuman(deps, human, request, open).includes(vote.gate)
}

import type { Vote } from '../core/approval.ts'
import type { Gate } from '../core/decision.ts'
import type { HumanId } from '../core/ids.ts'
import type { Human } from '../core/identity.ts'
import { deputyOf, gatesAsDeputy } from './covers/deputies.ts'
import { gatesOfHuman, type WaitingRequest } from './gates-of-human.ts'
import { isOpenToOthers } from './open-to-others.ts'
import { type ApproverDeps, findApprover } from './who-is-there.ts'

/** Gates that somebody may close now, by scope. */
export interface WayToVote {
  readonly gates: readonly string[]
  /** Those of them that are open to them only since others may agree as well. */
  readonly escalated: readonly string[]
  /** For whom; absent = themselves. */
  readonly for?: HumanId
}

/**
 * How a human may agree to a request, as clock, roles, rules and people stand now: for themselves first, then for those
 * whose deputy they are.
 */
export function waysToVote(deps: ApproverDeps, human: Human, request: WaitingRequest): readonly WayToVote[] {
  const way = (gatesWith: (open: (gate: Gate) => boolean) => readonly string[]): WayToVote => {
    const first = gatesWith(() => false)
    const gates = gatesWith((gate) => isOpenToOthers(deps, request, gate))
    return { gates, escalated: gates.filter((scope) => !first.includes(scope)) }
  }
  const own = way((open) => gatesOfHuman(deps, human, request, open))
  const others = deputyOf(deps, human.id).map((other) => {
    const pair = { deputy: human.id, other }
    return { ...way((open) => gatesAsDeputy(deps, pair, request, open)), for: other }
  })
  return [own, ...others].filter(({ gates }) => gates.length > 0)
}

/**
 * Whether a vote could be given today: whoever gave it is known, and roles and rules let them, or whom they still agree
 * for. That a gate was open to others when they agreed stays so.
 */
export function holds(
  deps: ApproverDeps,
  request: WaitingRequest & { readonly chain: NonNullable<WaitingRequest['chain']> },
  vote: Vote,
): boolean {
  const open = (): boolean => vote.escalated === true
  if (vote.for !== undefined) {
    const pair = { deputy: vote.human, other: vote.for }
    return gatesAsDeputy(deps, pair, request, open).includes(vote.gate)
  }
  const human = findApprover(deps, request.chain, vote.human)
  return human !== undefined && gatesOfHuman(deps, human, request, open).includes(vote.gate)
}

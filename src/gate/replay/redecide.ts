import type { Decision, ObservedRules } from '../../core/decision.ts'
import type { RecordEnvelope } from '../../core/record.ts'
import { observe } from '../../policy/observe-policies.ts'
import type { DecisionRequest, LoadedPolicySet } from '../../policy/policy-set.ts'
import { FLOOD, OUTAGE } from '../explain-denial.ts'
import { NO_APPROVER } from '../find-approvers.ts'
import { ROUTE } from '../record-unrouted.ts'
import { UNSHOWN } from '../why-unshown.ts'

/** Whatever was not policy’s to decide: there was nowhere to send the call, or the engine itself failed. */
const NOT_POLICY: ReadonlySet<string> = new Set([ROUTE, 'remit:engine', 'remit:classifier'])

export type Deciders = Pick<LoadedPolicySet, 'decide' | 'decideRelaxed'>

/** What was on record beside the request. */
export interface RecordedAnswer {
  readonly envelope: Pick<RecordEnvelope, 'decision' | 'approval' | 'glass'>
  /** Rules that were only observed; `detail.observed`. */
  readonly observed?: ObservedRules | undefined
}

/** False = no policy had a say in it, so that none can change it. */
export function wasDecided({ decision }: Pick<RecordEnvelope, 'decision'>): boolean {
  return decision?.policies.some((id) => NOT_POLICY.has(id)) !== true
}

/**
 * Decides a call on record as it would have been decided with this set: the clock, facts and approvals are those of
 * then, what was only observed is, and where people are asked they answer as they did. With the set that decided it this
 * is the decision on record.
 */
export function redecide(set: Deciders, request: DecisionRequest, recorded: RecordedAnswer): Decision {
  const decision = asObserved(set, request, recorded.observed)
  return decision.effect === 'consent' ? asAnswered(set, request, { decision, recorded }) : decision
}

function asObserved(set: Deciders, request: DecisionRequest, rules: ObservedRules | undefined): Decision {
  const enforced = set.decide(request)
  if (rules === undefined || enforced.effect === 'allow') return enforced
  const relaxation = { everything: rules.everything, policies: new Set(rules.policies) }
  return observe(set, { request, enforced, relaxation })
}

function asAnswered(
  set: Deciders,
  request: DecisionRequest,
  { decision, recorded }: { readonly decision: Decision; readonly recorded: RecordedAnswer },
): Decision {
  const { glass, approval, decision: past } = recorded.envelope
  if (glass !== undefined) return withBrokenGlass(set, request, { decision, rules: recorded.observed })
  if (past?.effect !== 'deny') return decision
  if (approval?.state === 'refused' || past.policies.includes(FLOOD)) return denied(decision, past.policies)
  const stopped = [UNSHOWN, OUTAGE, NO_APPROVER].find((id) => past.policies.includes(id))
  if (stopped === undefined) return decision
  const policies = [...new Set([stopped, ...decision.policies])].toSorted()
  // Other rules may ask other people, who may have been there.
  if (stopped === NO_APPROVER && policies.join('\n') !== past.policies.join('\n')) return decision
  return denied(decision, policies)
}

function withBrokenGlass(
  set: Deciders,
  request: DecisionRequest,
  { decision, rules }: { readonly decision: Decision; readonly rules: ObservedRules | undefined },
): Decision {
  const scopes = decision.gates.map(({ scope }) => scope)
  const approvals = [...new Set([...request.facts.approvals, ...scopes])]
  const opened = asObserved(set, { ...request, facts: { ...request.facts, approvals } }, rules)
  return opened.effect === 'allow' ? opened : decision
}

function denied(decision: Decision, policies: readonly string[]): Decision {
  return { ...decision, effect: 'deny', policies, gates: [], obligations: [] }
}

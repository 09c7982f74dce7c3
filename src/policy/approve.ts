import type { Approval } from '../core/approval.ts'
import { SEVERITIES, type Effect } from '../core/decision.ts'
import type { Human } from '../core/identity.ts'
import { approveContext } from './context.ts'
import { NO_PERMIT, outcomeOf } from './decide.ts'
import { actionUid, humanEntity, RequestEntities } from './entities.ts'
import type { Entity, Evaluation } from './evaluation.ts'
import type { PolicyIndex } from './index-policies.ts'
import { CedarRecord, CedarSet, EMPTY_SET, EntityUid, RecordShape } from './values.ts'
import { weighPolicies } from './weigh-policies.ts'

export const APPROVAL_SHAPE = new RecordShape(['gates', 'human', 'labels', 'name', 'severity'])

/** What deciding about `approve` depends on beside the human and the request. */
export interface ApproveFacts {
  /** Milliseconds since the epoch. */
  readonly now: number
  /** The task runs on a laptop, and nobody but the human whose task it is is enrolled. */
  readonly alone: boolean
}

export interface ApproveAnswer {
  readonly effect: Effect
  readonly reason: string
}

/**
 * Whether policy lets this human close all gates of this waiting call: `@delegator` of each, and the rules about
 * `approve`. Being of a gate's `@consent_by` is asked apart. Never throws: what goes wrong is a deny. An approval
 * that itself waits for consent is one too.
 */
export function mayApprove(
  index: PolicyIndex,
  human: Human,
  request: { readonly approval: Approval; readonly facts: ApproveFacts },
): ApproveAnswer {
  try {
    const own = delegatorRefused(human, request)
    if (own !== undefined) return { effect: 'deny', reason: own }
    const { evaluation, resource } = approveEvaluation(human, request)
    const findings = weighPolicies(index, evaluation, resource)
    const outcome = outcomeOf(findings, [])
    const reason =
      outcome.policies[0]?.reason.text ?? `${NO_PERMIT}: no policy lets \`${human.id}\` approve this`
    return { effect: outcome.effect === 'allow' ? 'allow' : 'deny', reason }
  } catch {
    return { effect: 'deny', reason: 'the policy engine could not decide who may approve this' }
  }
}

/** Why the human whose task it is may not close some gate; undefined = nothing against it, or another human. */
function delegatorRefused(
  human: Human,
  { approval, facts }: { readonly approval: Approval; readonly facts: ApproveFacts },
): string | undefined {
  if (human.id !== approval.human) return undefined
  const closed = approval.gates.find(
    ({ delegator }) => delegator !== 'yes' && !(delegator === 'alone' && facts.alone),
  )
  if (closed === undefined) return undefined
  const never = `\`${closed.scope}\` is approved by another human than the one whose task it is`
  return closed.delegator === 'alone'
    ? `${never}, unless nobody else is enrolled and the task runs on a laptop`
    : never
}

/** What policies are evaluated against when a human would approve a call. */
export function approveEvaluation(
  human: Human,
  { approval, facts }: { readonly approval: Approval; readonly facts: Pick<ApproveFacts, 'now'> },
): { readonly evaluation: Evaluation; readonly resource: Entity } {
  const resource = approvalEntity(approval)
  const person = humanEntity(human)
  const evaluation = {
    principal: person.uid,
    action: actionUid('approve'),
    resource: resource.uid,
    context: approveContext(facts.now),
    entities: new RequestEntities([person], resource),
    absorbedUnknown: false,
  }
  return { evaluation, resource }
}

function approvalEntity(approval: Approval): Entity {
  const severity = SEVERITIES.findLast((level) => approval.gates.some((gate) => gate.severity === level))
  return {
    uid: new EntityUid('Approval', approval.id),
    attributes: new CedarRecord(APPROVAL_SHAPE, [
      new CedarSet(approval.gates.map((gate) => gate.scope)),
      new EntityUid('Human', approval.human),
      EMPTY_SET,
      `${approval.server}/${approval.tool}`,
      severity ?? 'high',
    ]),
    ancestors: [],
  }
}

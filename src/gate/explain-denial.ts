import type { Approval } from '../core/approval.ts'
import type { Decision } from '../core/decision.ts'
import type { BudgetCount } from '../core/identity.ts'
import type { DecisionId } from '../core/ids.ts'
import { RemitError } from '../core/errors.ts'

const BUDGET_RULE = 'remit:budget'
/** What a reason names where a tree of tasks asks people too much. */
export const FLOOD = 'remit:consent-flood'
/** What a reason names where nobody can tell what people agreed to. */
export const OUTAGE = 'remit:consent-outage'
const ADVICE =
  'Do not retry this call or look for another way to the same effect; go on without it, or tell your human what you need and why'
const ADVICE_TO_FLOOD =
  'Go on with what needs nobody’s consent, and try this call again once your human has answered what waits'
const ADVICE_IN_OUTAGE =
  'Try exactly this call again in a minute: what was agreed to is kept; tell whoever runs Remit if it stays so'

/** A refusal in words on which the agent that reads it can act. Names rules, never other people's data. */
export function callDenied(
  decision: Decision,
  id: DecisionId,
  exhausted: readonly BudgetCount[] = [],
): RemitError {
  const short = exhausted.length === 0 ? '' : `, used up: ${exhausted.join(', ')}`
  const reasons = decision.reasons.map(
    ({ policy, text }) => `${text} (rule \`${policy}\`${policy === BUDGET_RULE ? short : ''})`,
  )
  const because = reasons.length > 0 ? [...new Set(reasons)].join('; ') : 'no policy permits it'
  return new RemitError('call_denied', `denied: ${because}. ${adviceFor(decision)}. ${askWhy(id)}`, {
    data: { policies: decision.policies, decision: id },
  })
}

function adviceFor({ policies }: Decision): string {
  if (policies.includes(OUTAGE)) return ADVICE_IN_OUTAGE
  return policies.includes(FLOOD) ? ADVICE_TO_FLOOD : ADVICE
}

/** For the human, who reads along: the command with the record’s id. */
function askWhy(id: DecisionId): string {
  return `Your human sees why, and whom to ask, with: remit why ${id}`
}

export function approvalRefused(approval: Approval, id: DecisionId): RemitError {
  const { refusal } = approval
  return new RemitError(
    'approval_refused',
    `denied: \`${refusal?.human ?? 'an approver'}\` refused this call: ${refusal?.reason ?? 'no reason given'}. It stays refused for this task; go on without it. ${askWhy(id)}`,
    { data: { approval: approval.id, decision: id } },
  )
}

export function approvalPending(approval: Approval, url: string): RemitError {
  const who = approval.gates.map((gate) => gate.by ?? 'an approver').join(' and ')
  const why = [...approval.gates.map((gate) => gate.reason), approval.again ?? []].flat().join('; ')
  return new RemitError(
    'approval_pending',
    `approval \`${approval.id}\` is pending: ${why}. A human (${who}) decides at ${url}, outside this conversation (what is asked and why: remit why ${approval.id}); retry exactly the same call after that, until ${new Date(approval.expires).toISOString()}`,
    { data: { approval: approval.id, url, expires: new Date(approval.expires).toISOString() } },
  )
}

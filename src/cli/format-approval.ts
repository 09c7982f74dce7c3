import { voterText } from '../core/cover.ts'
import { gateGroup } from '../core/escalation.ts'
import type { Approval, GrantOffer, ShownApproval } from '../core/approval.ts'
import type { PastWork } from '../core/grant.ts'
import { plainLine, plainText } from './plain-text.ts'

/** All of a request, as an approver must see it to decide. @param now milliseconds since the epoch. */
export function approvalText(approval: ShownApproval, now: number): string {
  const gates = approval.gates.map(
    (gate) =>
      `  ${gate.scope}: ${gate.quorum} of ${gateGroup(gate, 'any approver')} (${gate.severity}${gate.delegator === undefined ? ', never the delegator' : ''}): ${gate.reason} [${gate.policy}]`,
  )
  const votes = approval.votes.map((vote) =>
    `  ${vote.gate}: ${voterText(vote)} at ${new Date(vote.at).toISOString()} ${vote.channel === undefined ? '' : `in ${vote.channel} `}${vote.grant === undefined ? '' : 'for the task '}${vote.comment ?? ''}`.trimEnd(),
  )
  return [
    `approval   ${approval.id}`,
    `state      ${stateText(approval, now)}`,
    `call       ${plainLine(`${approval.server}__${approval.tool}`)}`,
    `task       ${approval.task} of ${plainLine(approval.human)}`,
    `digest     ${approval.call}`,
    '',
    plainText(approval.prompt),
    '',
    ...pastLines(approval),
    'who must agree',
    ...gates.map(plainLine),
    ...(votes.length === 0 ? [] : ['', 'who agreed', ...votes.map(plainLine)]),
    '',
  ].join('\n')
}

/** What agreeing for the rest of the task would have covered before. */
function pastLines({ past, offer }: ShownApproval): readonly string[] {
  if (past === undefined || offer === undefined) return []
  const { looked, times, elsewhere, last } = past
  return [
    'for the rest of the task',
    `  until ${new Date(offer.expires).toISOString()}; of the last ${looked} calls it would have covered ${times}${last === undefined ? '' : `, the last at ${new Date(last).toISOString()}`}`,
    `  ${elsewhere} calls of other tasks did the same; it does not cover those`,
    ...widerLines(offer, past),
    '',
  ]
}

/** Of each axis along which it may be widened: what it lets run, and what it would have. */
function widerLines({ wider = [] }: GrantOffer, past: PastWork): readonly string[] {
  return wider.flatMap(({ wider: widening }) => {
    if (widening === undefined) return []
    const { axis, text } = widening
    const before = past.wider?.find((each) => each.axis === axis)
    const files =
      before === undefined || before.examples.length === 0 ? '' : `: ${before.examples.join(', ')}`
    return [
      plainLine(`  --widen ${axis}: ${text}`),
      plainLine(`    it would have covered ${before?.times ?? 0} of those calls${files}`),
    ]
  })
}

export function stateText(approval: Approval, now: number): string {
  const { state, refusal, withdrawn } = approval
  if (refusal !== undefined) return plainLine(`refused by ${refusal.human}: ${refusal.reason}`)
  if (withdrawn !== undefined) return plainLine(`${state}: ${withdrawn}`)
  if (state !== 'pending') return state
  return `pending, ${Math.max(0, Math.round((approval.expires - now) / 1000))} s left`
}

/** One line a request, for lists and watching. */
export function approvalRow(approval: Approval, now: number): readonly string[] {
  return [
    approval.id,
    stateText(approval, now),
    plainLine(`${approval.server}__${approval.tool}`),
    plainLine(approval.human),
    approval.gates.map((gate) => gate.scope).join(','),
  ]
}

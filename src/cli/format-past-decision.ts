import type { ExplainAnswer } from '../api/contract.ts'
import { explanationText } from '../policy/explanation-text.ts'
import type { Io } from './command.ts'
import { paint } from './paint.ts'
import { plainLine, plainText } from './plain-text.ts'

const VERDICTS = {
  allow: ['green', 'allowed'],
  consent: ['yellow', 'held for consent'],
  deny: ['red', 'denied'],
} as const

const HASH_SHOWN = 16

/** What is on record of a decision, then why, then what would be today. */
export function pastDecisionText(io: Io, answer: ExplainAnswer): string {
  return [...recordLines(io, answer), '', ...whyLines(answer), ...todayLines(io, answer)]
    .join('\n')
    .concat('\n')
}

function recordLines(io: Io, answer: ExplainAnswer): readonly string[] {
  const { decided, identity, call, intent, approval, outcome } = answer
  const rows: (readonly [string, string | undefined])[] = [
    ['decision', `${answer.id} at ${answer.at}`],
    ['outcome', `${verdict(io, decided.effect)}${outcome === undefined ? '' : `, ran: ${outcome.status}`}`],
    ['call', call && `${call.server}__${call.tool} through ${call.door}`],
    ['task', identity && `${identity.task} (${identity.workflow}) of ${identity.human}`],
    ['agent', identity && `${identity.agent.kind} ${identity.agent.id}`],
    ['intent', intent],
    ['approval', approval && `${approval.id} ${approval.state}${by(approval.approvers)}`],
    ['observed', decided.observed && observedText(io, decided.observed)],
    ['policies', shortHash(decided.policyHash)],
    ...answer.reasons.map(({ policy, text }) => ['reason', `${text} (rule ${policy})`] as const),
  ]
  const seen = new Set<string>()
  return rows.flatMap(([name, value]) => {
    const line = `${name.padEnd(10)}${plainLine(value ?? '')}`
    if (value === undefined || seen.has(line)) return []
    seen.add(line)
    return [line]
  })
}

function observedText(
  io: Io,
  { effect, policies }: NonNullable<ExplainAnswer['decided']['observed']>,
): string {
  return `let through because rules are only observed; enforced, it would be ${verdict(io, effect)} by ${policies.join(', ')}`
}

function whyLines({ decided, explanation, unexplained }: ExplainAnswer): readonly string[] {
  if (explanation === undefined) return [`no more can be said: ${plainText(unexplained ?? '')}`]
  const under = explanation.original
    ? 'why, by the policies that decided'
    : `why, by the policies in force now (${shortHash(explanation.under)}): no copy is left of those that decided (${shortHash(decided.policyHash)})`
  return [under, plainText(explanationText(explanation)).trimEnd()]
}

function todayLines(io: Io, { today }: ExplainAnswer): readonly string[] {
  if (today === undefined) return []
  const rules = today.policies.length === 0 ? '' : ` by ${today.policies.join(', ')}`
  const how = today.differs ? 'the same request would now be' : 'the same request would still be'
  return [
    '',
    `the policies changed since (now ${shortHash(today.policyHash)}): ${how} ${verdict(io, today.effect)}${rules}`,
  ]
}

function verdict(io: Io, effect: keyof typeof VERDICTS): string {
  const [colour, words] = VERDICTS[effect]
  return paint(io, colour, words)
}

function by(approvers: readonly string[]): string {
  return approvers.length === 0 ? '' : ` by ${approvers.join(', ')}`
}

function shortHash(hash: string): string {
  return hash.slice(0, HASH_SHOWN)
}

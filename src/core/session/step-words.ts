import type { JsonObject } from '../json.ts'
import type { Door } from '../tool-call.ts'
import { halvesOf, type StepHalf } from './step-halves.ts'
import type { SessionRecord, SessionStep } from './session-steps.ts'

/** What a step says to a reader: each part a list of lines, empty where there is nothing of it. */
export interface StepWords {
  readonly title: string
  /** Word of the last decision or answer, such as `deny` or `ok`. */
  readonly verdict: string | undefined
  readonly asked: readonly string[]
  readonly decided: readonly string[]
  readonly consent: readonly string[]
  readonly answered: readonly string[]
}

const NOT_SHOWN = 'what was sent is for auditors and the human whose task it is, or it was erased'
/** UTF-16 code units of what was sent or answered that are shown. */
const LONGEST = 4_000

/** Where a half of a step was heard, as what it says begins. */
const HEARD: Readonly<Record<Door, string>> = {
  hook: 'at the agent’s hook:',
  mcp: 'over MCP:',
  egress: 'on its way out:',
  authzen: 'over AuthZEN:',
  workspace: 'in the workspace:',
}

/** Of a use of a tool that a hook and the gateway heard, each part has what either was told. */
export function stepWords(step: SessionStep): StepWords {
  const halves = halvesOf(step).map(({ door, records }) => ({ door, words: wordsOf(records) }))
  const part = (name: 'asked' | 'decided' | 'consent' | 'answered'): readonly string[] =>
    halves.flatMap(({ door, words }) =>
      halves.length === 1 || door === undefined || words[name].length === 0
        ? words[name]
        : [HEARD[door], ...words[name]],
    )
  return {
    title: halves.map(({ words }) => words.title).join(' · '),
    verdict: halves.at(-1)?.words.verdict,
    asked: part('asked'),
    decided: part('decided'),
    consent: part('consent'),
    answered: part('answered'),
  }
}

function wordsOf(records: StepHalf['records']): StepWords {
  const [first] = records
  const outcome = records.findLast(({ envelope }) => envelope.outcome !== undefined)
  const decisions = records.filter(({ envelope }) => envelope.decision !== undefined)
  const call = records.find(({ envelope }) => envelope.call !== undefined)?.envelope.call
  return {
    title: call === undefined ? first.envelope.kind : `${call.server}__${call.tool}`,
    verdict:
      outcome?.envelope.outcome?.status ??
      decisions.at(-1)?.envelope.decision?.effect ??
      first.envelope.approval?.state,
    asked: askedWords(decisions[0] ?? first),
    decided: decisions.flatMap(decidedWords),
    consent: records.flatMap(consentWords),
    answered: outcome === undefined ? [] : answeredWords(outcome),
  }
}

function askedWords({ envelope, detail, payload }: SessionRecord): readonly string[] {
  const { identity, actor, data, operations = [] } = envelope
  const who =
    identity === undefined
      ? (actor ?? 'the gateway')
      : `${identity.agent.id} in ${identity.task} (${identity.workflow}) of ${identity.human}`
  const about = detail?.operations?.map(({ action, resource }) => `${action} ${resource.id}`)
  return [
    `by ${who}`,
    ...(detail?.intent === undefined ? [] : [`for: ${detail.intent}`]),
    ...(about ?? operations.map(({ action, type }) => `${action} of ${type}`)),
    ...(data === undefined ? [] : [JSON.stringify(data)]),
    ...(envelope.decision === undefined ? [] : sent(payload?.arguments)),
  ]
}

function sent(given: JsonObject | undefined): readonly string[] {
  return given === undefined ? [NOT_SHOWN] : [`with ${cut(JSON.stringify(given))}`]
}

function decidedWords({ index, envelope, detail }: SessionRecord): readonly string[] {
  const { decision } = envelope
  if (decision === undefined) return []
  const rules = decision.policies.join(', ')
  const gates = decision.gates.map(({ scope, quorum }) =>
    quorum > 1 ? `${scope} (${quorum} people)` : scope,
  )
  return [
    `${decision.effect} by ${rules === '' ? 'no rule' : rules}  #${index}`,
    ...(gates.length === 0 ? [] : [`asks ${gates.join(', ')}`]),
    ...(detail?.reasons ?? []).map(({ text }) => `because ${text}`),
    ...(decision.observed === undefined ? [] : [`would be ${decision.observed.effect} if all were enforced`]),
  ]
}

function consentWords({ envelope, detail }: SessionRecord): readonly string[] {
  const { kind, at, actor, approval, grant, glass } = envelope
  if (kind.startsWith('approval.')) {
    const comment = detail?.comment === undefined ? '' : `: “${detail.comment}”`
    return [`${at}  ${kind.slice('approval.'.length)}${actor === undefined ? '' : ` by ${actor}`}${comment}`]
  }
  if (kind !== 'decision') return []
  return [
    ...(approval === undefined ? [] : [`request ${approval.id}: ${approval.state}${by(approval.approvers)}`]),
    ...(grant === undefined ? [] : [`under ${grant.id}${by(grant.approvers)}`]),
    ...(glass === undefined ? [] : [`the glass was broken: ${glass.id}${by(glass.approvers)}`]),
  ]
}

function by(approvers: readonly string[]): string {
  return approvers.length === 0 ? '' : ` by ${approvers.join(', ')}`
}

function answeredWords({ envelope, payload }: SessionRecord): readonly string[] {
  const { outcome } = envelope
  if (outcome === undefined) return []
  const answer =
    payload?.error ?? (payload?.result === undefined ? undefined : JSON.stringify(payload.result))
  return [
    `${outcome.status} after ${(outcome.micros / 1_000).toFixed(1)} ms, ${outcome.bytes} bytes`,
    answer === undefined ? NOT_SHOWN : cut(answer),
  ]
}

function cut(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}… (${text.length} characters in all)`
}

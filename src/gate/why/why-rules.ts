import { operationInWords } from '../../approvals/describe-operation.ts'
import type { StoredRecord } from '../../audit/record-reader.ts'
import type { Task } from '../../core/identity.ts'
import type { ExplainedPolicy } from '../../policy/explanation.ts'
import type { PastDecision } from '../explain-past-decision.ts'
import { ASKS, type BuiltinReason, BUILTIN_REASONS, FORBIDDEN, REFUSED } from './builtin-reasons.ts'
import { sourceOfFact } from './fact-sources.ts'
import type { WhyAnswer, WhyFact, WhyRule } from './why-answer.ts'

/** What fits one screen. */
const MOST_FACTS = 5
const MOST_OPERATIONS = 6
const MOST_CHANGES = 3
const MOST_RULES = 4

/** What stands behind the decision: an answer of a human, a rule of Remit’s own, or one of the policies. */
export function reasonBehind({
  decided,
  approval,
}: Pick<PastDecision, 'decided' | 'approval'>): BuiltinReason {
  if (approval?.state === 'refused') return REFUSED
  const own = decided.policies.map((policy) => BUILTIN_REASONS[policy]).find((reason) => reason !== undefined)
  if (decided.effect === 'consent') return own?.mend === 'approvers' ? own : ASKS
  if (own !== undefined) return own
  // A human who may not do it, or a rule that is missing, is named as such; what is left is a rule that forbids.
  return decided.policies.length === 0 ? (BUILTIN_REASONS['remit:no-permit'] ?? FORBIDDEN) : FORBIDDEN
}

/** What was asked, in words. @param bare actions alone, for whoever may not see to what. */
export function askedInWords(record: StoredRecord, bare: boolean): WhyAnswer['asked'] {
  const { envelope, detail } = record
  const operations = bare
    ? (envelope.operations ?? []).map(({ action, type }) => `${action} on a ${type}`)
    : (detail?.operations?.map(operationInWords) ??
      (envelope.operations ?? []).map(({ action, type }) => `${action} on a ${type} (erased)`))
  const distinct = [...new Set(operations)]
  return {
    ...(envelope.call === undefined ? {} : { call: envelope.call }),
    operations: distinct.slice(0, MOST_OPERATIONS),
    more: Math.max(0, distinct.length - MOST_OPERATIONS),
    ...(bare || detail?.intent === undefined ? {} : { intent: detail.intent }),
  }
}

/** The rules that decided, with the facts that they read, the values of then and where those came from. */
export function decidingRules(
  past: PastDecision,
  record: StoredRecord,
  task: Task | undefined,
): readonly WhyRule[] {
  const explained = new Map<string, ExplainedPolicy>()
  for (const operation of past.explanation?.operations ?? []) {
    if (operation.effect !== past.decided.effect) continue
    for (const policy of operation.policies) if (!explained.has(policy.id)) explained.set(policy.id, policy)
  }
  const says = new Map(past.reasons.map(({ policy, text }) => [policy, text]))
  const ids = [...new Set([...says.keys(), ...past.decided.policies, ...explained.keys()])]
  return ids.slice(0, MOST_RULES).map((rule) => {
    const policy = explained.get(rule)
    const own = rule.startsWith('remit:')
    return {
      rule,
      says: says.get(rule) ?? policy?.reason ?? BUILTIN_REASONS[rule]?.change ?? '',
      ...(policy === undefined || own ? {} : { place: `${policy.place.file}:${policy.place.line}` }),
      facts: [...factsOfTask(rule, record, task), ...factsOf(policy)].slice(0, MOST_FACTS),
    }
  })
}

function factsOf(policy: ExplainedPolicy | undefined): readonly WhyFact[] {
  return Object.entries(policy?.facts ?? {}).map(([fact, value]) => ({
    fact,
    value,
    from: sourceOfFact(fact),
  }))
}

/** What the rule’s facts stand for, where their value alone would say little. */
function factsOfTask(rule: string, { detail }: StoredRecord, task: Task | undefined): readonly WhyFact[] {
  const facts = detail?.facts
  if (facts === undefined || task === undefined) return []
  const from = `the delegation of ${new Date(task.created).toISOString().slice(0, 10)}`
  if (rule === 'remit:scope') {
    return [...new Set(facts.outside.flat())].map((dimension) => ({
      fact: `scope of the task: ${dimension}`,
      value: task.scope[dimension]?.join(', ') ?? 'limited by a task above it',
      from,
    }))
  }
  if (rule === 'remit:budget') {
    return (facts.exhausted ?? []).map((count) => ({
      fact: `budget of the task: ${count}`,
      value: `${task.budget[count] ?? 'that of a task above it'}, used up`,
      from,
    }))
  }
  return []
}

/** What would have to change, smallest first: single changes of the request that make the outcome milder. */
export function smallestChanges(past: PastDecision, reason: BuiltinReason): readonly string[] {
  const own = past.decided.policies.some((policy) => BUILTIN_REASONS[policy] !== undefined)
  const milder = (past.explanation?.changes ?? []).filter(({ effect }) => effect !== past.decided.effect)
  const verb = { allow: 'allowed', consent: 'asked about', deny: 'denied' } as const
  const found = milder.map(({ text, effect }) => `${verb[effect]} ${text}`)
  if (past.decided.effect === 'allow') return found.slice(0, 1)
  if (past.approval?.state === 'refused') return [reason.change]
  const first = own || found.length === 0 ? [reason.change] : []
  return [...first, ...found].slice(0, MOST_CHANGES)
}

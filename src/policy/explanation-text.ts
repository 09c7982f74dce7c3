import type { Effect } from '../core/decision.ts'
import type {
  ExplainedOperation,
  ExplainedPolicy,
  Explanation,
  NearMiss,
  PolicyPlace,
} from './explanation.ts'
import { BUILTIN_FILE } from './builtin-policies.ts'

const VERBS: Readonly<Record<Effect, string>> = {
  allow: 'allowed',
  consent: 'held for consent',
  deny: 'denied',
}

/** An explanation for a developer. Only the operations that decided are told in full. */
export function explanationText({ decision, operations, changes }: Explanation): string {
  const deciding = operations.filter(({ effect }) => effect === decision.effect)
  const lines = [VERBS[decision.effect], ...deciding.flatMap(operationLines)]
  if (operations.length === 0) lines.push(...decision.reasons.map(({ text }) => `  because ${text}`))
  for (const { policy, message } of decision.errors) lines.push(`  could not evaluate ${policy}: ${message}`)
  if (changes.length > 0) {
    lines.push(decision.effect === 'allow' ? 'what would stop it' : 'what would change it')
    lines.push(...changes.map(({ text, effect }) => `  ${VERBS[effect]} ${text}`))
  }
  return `${lines.join('\n')}\n`
}

function operationLines(operation: ExplainedOperation): readonly string[] {
  const whose = whoseText(operation)
  const none = operation.policies.length === 0 ? ['    no policy permits it'] : []
  return [
    `  ${operation.operation}${whose}`,
    ...operation.policies.flatMap(policyLines),
    ...none,
    ...operation.nearMisses.flatMap(missLines),
  ]
}

function whoseText({ ancestor, ceiling }: ExplainedOperation): string {
  if (ceiling === true) return ' (for the human, whom no task goes beyond)'
  return ancestor === undefined ? '' : ` (for the task ${ancestor} above)`
}

function policyLines(policy: ExplainedPolicy): readonly string[] {
  const gate = policy.consent === undefined ? '' : `, consent \`${policy.consent}\``
  const conditions = policy.parts.map(({ kind, text }) =>
    kind === 'when' || kind === 'unless' ? `      ${kind} ${text}` : `      ${text}`,
  )
  return [
    `    by ${policy.id} (${policy.effect}${gate}; ${placeText(policy.place)}): ${policy.reason}`,
    ...conditions,
    ...factLines(policy.facts),
    ...(policy.error === undefined ? [] : [`      failed: ${policy.error}`]),
  ]
}

function missLines({ id, place, holding, parts, failed, facts }: NearMiss): readonly string[] {
  const condition = failed.kind === 'unless' ? `unless ${failed.text}` : failed.text
  return [
    `    nearly by ${id} (${placeText(place)}; ${holding} of ${parts} parts hold), but not: ${condition}`,
    ...factLines(facts),
  ]
}

function factLines(facts: { readonly [path: string]: string }): readonly string[] {
  return Object.entries(facts).map(
    ([path, value]) => `      with ${path} ${path.endsWith(' in') ? '' : '= '}${value}`,
  )
}

function placeText({ file, line, column }: PolicyPlace): string {
  return file === BUILTIN_FILE ? 'part of Remit' : `${file}:${line}:${column}`
}

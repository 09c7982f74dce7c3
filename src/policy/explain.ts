import type { Decision, Effect, Gate } from '../core/decision.ts'
import { operationText, type Operation } from '../core/operation.ts'

const VERBS: Readonly<Record<Effect, string>> = {
  allow: 'allowed',
  consent: 'held for consent',
  deny: 'denied',
}

/** A decision in words for a developer: the outcome, and each policy that decided with its reason. */
export function explain(decision: Decision, operations: readonly Operation[]): string {
  const lines = [VERBS[decision.effect]]
  for (const reason of decision.reasons) {
    const operation = reason.operation === undefined ? undefined : operations[reason.operation]
    const target = operation === undefined ? '' : ` (${operationText(operation)})`
    lines.push(`  by ${reason.policy}${target}: ${reason.text}`)
  }
  for (const gate of decision.gates) {
    const who = gate.by === undefined ? 'whoever may approve' : `\`${gate.by}\``
    const later = laterText(gate)
    lines.push(
      `  needs ${gate.quorum} × ${who}${later} for \`${gate.scope}\` (${gate.severity}, ${gate.timeout} s)`,
    )
  }
  for (const error of decision.errors)
    lines.push(`  could not be evaluated: ${error.policy}: ${error.message}`)
  return lines.join('\n')
}

function laterText({ escalateTo, escalateAfter }: Gate): string {
  return escalateTo === undefined ? '' : `, after ${escalateAfter} s also \`${escalateTo}\`,`
}

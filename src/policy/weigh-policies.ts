import type { EvaluationError } from '../core/decision.ts'
import type { CompiledPolicy } from './compile-policy.ts'
import type { Entity, Evaluation } from './evaluation.ts'
import type { PolicyIndex } from './index-policies.ts'

/** What every policy said of one principal and one operation. */
export interface Findings {
  readonly permits: CompiledPolicy[]
  /** Satisfied forbids, hard or with a gate. */
  readonly forbids: CompiledPolicy[]
  readonly errors: { readonly policy: CompiledPolicy; readonly error: EvaluationError }[]
}

/**
 * Cedar's evaluation of a request: all satisfied policies and all errors, order without meaning. An ancestor
 * that a resource lists twice yields its policies twice, which no rule below can tell.
 */
export function weighPolicies(index: PolicyIndex, evaluation: Evaluation, resource: Entity): Findings {
  const findings: Findings = { permits: [], forbids: [], errors: [] }
  index.visit(evaluation.action, resource, (policy) => weigh(policy, evaluation, findings))
  return findings
}

function weigh(policy: CompiledPolicy, evaluation: Evaluation, findings: Findings): void {
  if (policy.principal.test(evaluation) !== true || policy.resource.test(evaluation) !== true) return
  try {
    if (policy.condition(evaluation) !== true) return
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : String(thrown)
    findings.errors.push({ policy, error: { policy: policy.info.id, message } })
    return
  }
  if (policy.forbids) findings.forbids.push(policy)
  else findings.permits.push(policy)
}

import type { Decision, Effect, EvaluationError, Gate, Obligation, Reason } from '../core/decision.ts'
import { operationText, type Operation } from '../core/operation.ts'
import { entityText } from '../core/resource.ts'
import type { CompiledPolicy } from './compile-policy.ts'
import { callContext, operationContext } from './context.ts'
import { actionUid, chainEntities, RequestEntities, resourceEntity } from './entities.ts'
import type { Evaluation } from './evaluation.ts'
import type { PolicyIndex } from './index-policies.ts'
import type { DecisionRequest } from './policy-set.ts'
import { relaxFindings, type Relaxation } from './relax-findings.ts'
import { weighPolicies, type Findings } from './weigh-policies.ts'

/** Reasons that are not a policy's. */
export const NO_PERMIT = 'remit:no-permit'
/** Nothing permits the human whose task it is to do it themselves. */
export const CEILING = 'remit:ceiling'
/** A declared fact is missing or of another type. */
export const FACTS_FAULTY = 'remit:facts'
const MALFORMED = 'remit:malformed-request'
const ENGINE_FAILED = 'remit:engine-failed'

/** Which resource types each action may be asked about: `appliesTo` of the schema. */
export type ActionTypes = ReadonlyMap<string, ReadonlySet<string>>

/**
 * The outcome of one operation for one principal. The first row that holds decides:
 *
 * | a forbid failed | a hard forbid holds | a permit holds | gates open | outcome |
 * | --------------- | ------------------- | -------------- | ---------- | ------- |
 * | yes             |                     |                |            | deny    |
 * |                 | yes                 |                |            | deny    |
 * |                 |                     | no             |            | deny    |
 * |                 |                     |                | yes        | consent |
 * |                 |                     |                |            | allow   |
 */
export function outcomeOf(findings: Findings, approvals: readonly string[]): Outcome {
  const failed = findings.errors.filter(({ policy }) => policy.forbids)
  if (failed.length > 0) return { effect: 'deny', policies: failed.map(({ policy }) => policy), failed: true }
  const hard = findings.forbids.filter(({ gate }) => gate === undefined)
  if (hard.length > 0) return { effect: 'deny', policies: hard }
  if (findings.permits.length === 0) return { effect: 'deny', policies: [] }
  const open = findings.forbids.filter(({ gate }) => gate !== undefined && !approvals.includes(gate.scope))
  if (open.length > 0) return { effect: 'consent', policies: open }
  return { effect: 'allow', policies: findings.permits }
}

export interface Outcome {
  readonly effect: Effect
  /** The policies that decided. */
  readonly policies: readonly CompiledPolicy[]
  /** They decided by failing. */
  readonly failed?: true
}

/**
 * Decides a call: every operation, for the acting task, each of its ancestors, and the human whose task it is; the
 * strictest outcome wins and open gates are united. What the human may not do, none of their tasks may. Never throws: whatever goes wrong is a deny with the error listed.
 */
export function decide(
  index: PolicyIndex,
  types: ActionTypes,
  request: DecisionRequest,
  relaxation?: Relaxation,
): Decision {
  try {
    return decideCall(index, types, request, relaxation)
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : String(thrown)
    return {
      ...refusal(ENGINE_FAILED, 'the policy engine could not decide this call'),
      errors: [{ policy: ENGINE_FAILED, message }],
    }
  }
}

function decideCall(
  index: PolicyIndex,
  types: ActionTypes,
  request: DecisionRequest,
  relaxation: Relaxation | undefined,
): Decision {
  const { operations, facts, chain } = request
  if (operations.length === 0) return refusal(MALFORMED, 'the call holds no operation to decide')
  const fixed = chainEntities(chain, request.human)
  const entities = new RequestEntities(fixed)
  const shared = callContext(facts, operations)
  const verdict = new Verdict()
  const faults = facts.typed?.faults ?? []
  if (faults.length > 0) verdict.forbid(FACTS_FAULTY, faults.join('; '))
  for (let position = 0; position < operations.length; position++) {
    const operation = operations[position]
    const outside = facts.outside[position]
    if (operation === undefined || outside === undefined) {
      return refusal(MALFORMED, 'an operation of the call has no scope facts')
    }
    if (types.get(operation.action)?.has(operation.resource.type) !== true) {
      verdict.refuse(MALFORMED, `\`${operationText(operation)}\` is nothing that policy can decide`, position)
      continue
    }
    const resource = resourceEntity(operation.resource, operation.labels)
    entities.setResource(resource)
    const context = operationContext(shared, operation, outside)
    // INVARIANT: chainEntities lists the tasks first, as many as the chain is long, then their human.
    const ceiling = chain.ancestors.length + 1
    for (let step = 0; step <= ceiling; step++) {
      const principal = fixed[step]?.uid
      if (principal === undefined) return refusal(MALFORMED, 'the task chain is broken')
      const evaluation: Evaluation = {
        principal,
        action: actionUid(operation.action),
        resource: resource.uid,
        context,
        entities,
        absorbedUnknown: false,
      }
      const weighed = weighPolicies(step === ceiling ? index.ofHumans : index, evaluation, resource)
      const findings = relaxation === undefined ? weighed : relaxFindings(weighed, relaxation)
      for (const { error } of findings.errors) verdict.errors.push(error)
      const outcome = outcomeOf(findings, facts.approvals)
      if (step === ceiling) verdict.limit(outcome, { operation, position, human: request.human.id })
      else verdict.add(outcome, operation, position)
    }
  }
  return verdict.decision()
}

const RANK: Readonly<Record<Effect, number>> = { allow: 0, consent: 1, deny: 2 }

/** Gathers outcomes; a stricter one drops what the milder ones said. */
class Verdict {
  #effect: Effect = 'allow'
  #reasons: Reason[] = []
  #policies = new Set<string>()
  #gates: Gate[] = []
  readonly #obligations = new Set<Obligation>()
  readonly errors: EvaluationError[] = []

  add(outcome: Outcome, operation: Operation, position: number): void {
    if (!this.#counts(outcome.effect)) return
    if (outcome.effect === 'deny' && outcome.policies.length === 0) {
      const target = `${operation.action} on ${entityText(operation.resource)}`
      this.#say({ policy: NO_PERMIT, text: `no policy permits \`${target}\``, operation: position })
    }
    for (const { info, gate, reason, obligations } of outcome.policies) {
      for (const obligation of obligations) this.#obligations.add(obligation)
      const text =
        outcome.failed === true ? `policy \`${info.id}\` could not be evaluated, so it denies` : reason.text
      this.#say({ policy: info.id, text, operation: position })
      this.#policies.add(info.id)
      if (outcome.effect === 'consent' && gate !== undefined && !this.#gates.includes(gate)) {
        this.#gates.push(gate)
      }
    }
  }

  /** The ceiling may refuse, ask and oblige; it is never why something is allowed. */
  limit(
    outcome: Outcome,
    of: { readonly operation: Operation; readonly position: number; readonly human: string },
  ): void {
    const { operation, position, human } = of
    if (outcome.effect === 'allow') {
      if (this.#effect !== 'allow') return
      for (const { obligations } of outcome.policies)
        for (const each of obligations) this.#obligations.add(each)
      return
    }
    if (outcome.effect === 'consent' || outcome.policies.length > 0) {
      this.add(outcome, operation, position)
      return
    }
    const target = `${operation.action} on ${entityText(operation.resource)}`
    this.refuse(
      CEILING,
      `\`${human}\` may not do \`${target}\` themselves, so no task of theirs may; no policy permits it to a human`,
      position,
    )
    if (this.#effect === 'deny') this.#policies.add(CEILING)
  }

  refuse(policy: string, text: string, operation: number): void {
    if (this.#counts('deny')) this.#say({ policy, text, operation })
  }

  /** A rule of Remit’s own that is about the call as a whole and knows more than its own words. */
  forbid(policy: string, text: string): void {
    this.refuse(policy, text, 0)
    this.#policies.add(policy)
  }

  decision(): Decision {
    return {
      effect: this.#effect,
      reasons: this.#reasons,
      policies: [...this.#policies].sort(),
      gates: this.#gates,
      obligations: this.#effect === 'allow' ? [...this.#obligations] : [],
      errors: this.errors,
    }
  }

  /** Whether an outcome of this effect still has a say. */
  #counts(effect: Effect): boolean {
    if (RANK[effect] < RANK[this.#effect]) return false
    if (RANK[effect] > RANK[this.#effect]) {
      this.#effect = effect
      this.#reasons = []
      this.#policies = new Set()
      this.#gates = []
    }
    return true
  }

  /** Once for each operation: tasks of a chain often meet the same policy. Those said of one stand together. */
  #say(reason: Reason): void {
    for (let index = this.#reasons.length - 1; index >= 0; index--) {
      const said = this.#reasons[index]
      if (said?.operation !== reason.operation) break
      if (said?.policy === reason.policy) return
    }
    this.#reasons.push(reason)
  }
}

function refusal(policy: string, text: string): Decision {
  return {
    effect: 'deny',
    reasons: [{ policy, text }],
    policies: [],
    gates: [],
    obligations: [],
    errors: [],
  }
}

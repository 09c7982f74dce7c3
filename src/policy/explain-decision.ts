import type { Effect } from '../core/decision.ts'
import { operationText } from '../core/operation.ts'
import { outcomeOf, type Outcome } from './decide.ts'
import type { DissectedPolicy, PolicyPart } from './dissect-policy.ts'
import type { Evaluation } from './evaluation.ts'
import type {
  ExplainedOperation,
  ExplainedPolicy,
  Explanation,
  NearMiss,
  PolicyPlace,
} from './explanation.ts'
import { findChanges } from './find-changes.ts'
import { mayHoldForHuman, mayHoldForTask, PolicyIndex } from './index-policies.ts'
import { RequestEntities } from './entities.ts'
import type { DecisionRequest, PolicySet } from './policy-set.ts'
import { evaluationsOf, type RequestEvaluation } from './request-evaluations.ts'
import { tracedEvaluation, type FactsRead } from './trace-facts.ts'
import { weighPolicies } from './weigh-policies.ts'

const MOST_MISSES = 3
const RANK: Readonly<Record<Effect, number>> = { allow: 0, consent: 1, deny: 2 }

/** Explains decisions of one set. Pure, and off the way of calls: it evaluates everything anew, with traces. */
export class Explainer {
  readonly #set: Pick<PolicySet, 'decide'>
  readonly #policies: readonly DissectedPolicy[]
  readonly #byId: ReadonlyMap<string, DissectedPolicy>
  readonly #index: PolicyIndex

  constructor(set: Pick<PolicySet, 'decide'>, policies: readonly DissectedPolicy[]) {
    this.#set = set
    this.#policies = policies
    this.#byId = new Map(policies.map((policy) => [policy.parsed.id, policy]))
    this.#index = new PolicyIndex(
      policies.map(({ compiled }) => compiled),
      new RequestEntities([]),
    )
  }

  explain(request: DecisionRequest): Explanation {
    const decision = this.#set.decide(request)
    const decided = evaluationsOf(request).map((each) => ({ each, outcome: this.#outcome(each, request) }))
    const operations = request.operations.flatMap((_, position) => {
      const steps = decided.filter(({ each }) => each.position === position)
      const strictest = Math.max(...steps.map(({ outcome }) => RANK[outcome.effect]))
      const deciding = steps.find(({ outcome }) => RANK[outcome.effect] === strictest)
      return deciding === undefined ? [] : [this.#operation(deciding.each, deciding.outcome)]
    })
    const changes = findChanges(request, {
      decision,
      policies: this.#policies,
      decide: (changed) => this.#set.decide(changed),
    })
    return { decision, operations, changes }
  }

  #outcome({ evaluation, resource }: RequestEvaluation, { facts }: DecisionRequest): Outcome {
    return outcomeOf(weighPolicies(this.#index, evaluation, resource), facts.approvals)
  }

  #operation(
    { operation, position, step, ceiling, evaluation }: RequestEvaluation,
    outcome: Outcome,
  ): ExplainedOperation {
    const ids = [...new Set(outcome.policies.map(({ info }) => info.id))]
    const policies = ids.flatMap((id) => {
      const dissected = this.#byId.get(id)
      return dissected === undefined ? [] : [explainPolicy(dissected, evaluation)]
    })
    return {
      position,
      operation: operationText(operation),
      effect: outcome.effect,
      ...(ceiling ? { ceiling: true } : step === 0 ? {} : { ancestor: step }),
      policies,
      nearMisses: outcome.effect === 'deny' && ids.length === 0 ? this.#nearMisses(evaluation, ceiling) : [],
    }
  }

  /** Of permits for a task those about humans are not near, and the other way round. */
  #nearMisses(evaluation: Evaluation, ceiling: boolean): readonly NearMiss[] {
    const mayHold = ceiling ? mayHoldForHuman : mayHoldForTask
    return this.#policies
      .filter(({ compiled }) => mayHold(compiled))
      .filter(({ compiled }) => !compiled.forbids && compiled.action.test(evaluation) === true)
      .flatMap((policy) => nearMiss(policy, evaluation))
      .toSorted((a, b) => a.parts - a.holding - (b.parts - b.holding) || a.id.localeCompare(b.id))
      .slice(0, MOST_MISSES)
  }
}

function explainPolicy(
  { compiled, parsed, parts }: DissectedPolicy,
  evaluation: Evaluation,
): ExplainedPolicy {
  const facts: FactsRead = new Map()
  const traced = tracedEvaluation(evaluation, facts)
  let error: string | undefined
  for (const part of parts) {
    const answer = ask(part, traced)
    if (typeof answer === 'boolean') continue
    error = answer.error
    break
  }
  const { info, reason, gate } = compiled
  return {
    id: info.id,
    effect: info.effect,
    ...(gate === undefined ? {} : { consent: gate.scope }),
    reason: reason.text,
    place: placeOf(parsed),
    parts: parts.map(({ kind, text }) => ({ kind, text })),
    facts: Object.fromEntries(facts),
    ...(error === undefined ? {} : { error }),
  }
}

function nearMiss({ parsed, parts }: DissectedPolicy, evaluation: Evaluation): readonly NearMiss[] {
  const answers = parts.map((part) => ask(part, evaluation))
  const failed = parts[answers.findIndex((answer) => answer !== true)]
  if (failed === undefined) return []
  const facts: FactsRead = new Map()
  ask(failed, tracedEvaluation(evaluation, facts))
  const holding = answers.filter((answer) => answer === true).length
  const { kind, text } = failed
  return [
    {
      id: parsed.id,
      place: placeOf(parsed),
      holding,
      parts: parts.length,
      failed: { kind, text },
      facts: Object.fromEntries(facts),
    },
  ]
}

function ask(part: PolicyPart, evaluation: Evaluation): boolean | { readonly error: string } {
  try {
    return part.holds(evaluation)
  } catch (thrown) {
    return { error: thrown instanceof Error ? thrown.message : String(thrown) }
  }
}

function placeOf({ file, line, column }: PolicyPlace): PolicyPlace {
  return { file, line, column }
}

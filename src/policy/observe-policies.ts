import type { Decision, Effect } from '../core/decision.ts'
import type { TaskChain } from '../core/identity.ts'
import type { DecisionRequest, LoadedPolicySet } from './policy-set.ts'
import type { PolicyEngine } from './policy-engine.ts'
import type { Relaxation } from './relax-findings.ts'

/** Rules that are only observed, until a time: one policy, or everything for a workflow or a tenant. */
export interface ObserveRule {
  readonly policy?: string | undefined
  readonly workflow?: string | undefined
  readonly tenant?: string | undefined
  /** Milliseconds since the epoch; from then on the rules are enforced. */
  readonly until: number
}

const STRICTNESS: Readonly<Record<Effect, number>> = { allow: 0, consent: 1, deny: 2 }

/**
 * The same engine, whose sets let through what is only observed, and say in `observed` what they would have done.
 * @param rules asked at each decision, so that a change of them counts from the next one on.
 */
export function observingEngine<Engine extends Pick<PolicyEngine, 'current'>>(
  engine: Engine,
  rules: () => readonly ObserveRule[],
): Engine {
  const known = new WeakMap<LoadedPolicySet, LoadedPolicySet>()
  return {
    ...engine,
    current: () => {
      const set = engine.current()
      if (rules().length === 0) return set
      const observing = known.get(set) ?? observingSet(set, rules)
      known.set(set, observing)
      return observing
    },
  }
}

function observingSet(set: LoadedPolicySet, rules: () => readonly ObserveRule[]): LoadedPolicySet {
  return {
    ...set,
    decide: (request) => {
      const enforced = set.decide(request)
      if (enforced.effect === 'allow') return enforced
      const relaxation = relaxationFor(rules(), request.chain, request.facts.now)
      return relaxation === undefined ? enforced : observe(set, { request, enforced, relaxation })
    },
    visibilityKey: (request) => {
      const relaxed = relaxationFor(rules(), request.chain, request.facts.now) !== undefined
      return `${String(relaxed)} ${set.visibilityKey(request)}`
    },
    // What may be let through is listed; the call itself is decided anew.
    visible: (request) => {
      const visible = set.visible(request)
      const relaxed = relaxationFor(rules(), request.chain, request.facts.now) !== undefined
      return visible === 'never' && relaxed ? 'maybe' : visible
    },
  }
}

/** The decision where rules are only observed, which is the enforced one unless they make it milder. */
export function observe(
  set: Pick<LoadedPolicySet, 'decideRelaxed'>,
  of: { readonly request: DecisionRequest; readonly enforced: Decision; readonly relaxation: Relaxation },
): Decision {
  const { enforced } = of
  const relaxed = set.decideRelaxed(of.request, of.relaxation)
  if (STRICTNESS[relaxed.effect] >= STRICTNESS[enforced.effect]) return enforced
  const { effect, policies } = enforced
  const rules = { everything: of.relaxation.everything, policies: [...of.relaxation.policies].toSorted() }
  return { ...relaxed, errors: enforced.errors, observed: { effect, policies, rules } }
}

/** Undefined = everything is enforced. A workflow counts when every task of the chain is of an observed one. */
function relaxationFor(rules: readonly ObserveRule[], chain: TaskChain, now: number): Relaxation | undefined {
  const active = rules.filter(({ until }) => now < until)
  if (active.length === 0) return undefined
  const tasks = [chain.task, ...chain.ancestors]
  const everything =
    active.some(({ tenant }) => tenant === chain.task.tenant) ||
    tasks.every((task) => active.some(({ workflow }) => workflow === task.workflow))
  const policies = new Set(active.flatMap(({ policy }) => policy ?? []))
  return everything || policies.size > 0 ? { everything, policies } : undefined
}

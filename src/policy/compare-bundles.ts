import { setImmediate } from 'node:timers/promises'
import type { Decision, Effect } from '../core/decision.ts'
import { requestOf } from './case-request.ts'
import type { PolicyCase } from './case-schema.ts'
import { changedPolicies, type PolicyChanges } from './changed-policies.ts'
import { generateRequests, type GeneratedRequest } from './generate-requests.ts'
import type { PolicyBundle } from './load-policy-set.ts'
import type { DecisionRequest } from './policy-set.ts'

/** What a change of policies does, found by deciding the same requests with both sets. */
export interface PolicyComparison {
  readonly requests: number
  readonly loosened: readonly Transition[]
  readonly tightened: readonly Transition[]
  /** Who must agree changed, neither to fewer nor to more. */
  readonly otherwise: readonly Transition[]
  readonly policies: PolicyChanges
}

/** Requests that went the same way because of the same changed policies. */
export interface Transition {
  readonly from: Effect
  readonly to: Effect
  /** Those that decided before or after and are not the same in both. */
  readonly policies: readonly string[]
  readonly requests: number
  /** Names of some of them. */
  readonly examples: readonly string[]
}

const MOST_EXAMPLES = 3
/** Requests decided before others get their turn: a few milliseconds. */
const BREATH = 100
const RANK: Readonly<Record<Effect, number>> = { allow: 0, consent: 1, deny: 2 }
type Direction = 'loosened' | 'tightened' | 'otherwise'

/**
 * Decides the cases of both sides and the requests that the schema suggests. Thousands of them: others get their
 * turn in between, since a gateway that is asked for this goes on deciding calls.
 */
export async function compareBundles(
  before: PolicyBundle,
  after: PolicyBundle,
  cases: readonly PolicyCase[],
): Promise<PolicyComparison> {
  const policies = changedPolicies(before, after)
  const changed = new Set(Object.values(policies).flat())
  const requests = [...casesAsRequests(cases), ...generateRequests([before.parsed, after.parsed])]
  const groups: Record<Direction, Map<string, Transition>> = {
    loosened: new Map(),
    tightened: new Map(),
    otherwise: new Map(),
  }
  for (const [index, { text, request }] of requests.entries()) {
    if (index % BREATH === BREATH - 1) await setImmediate()
    const asked = requestOf(request)
    const [old, now] = [answer(before, asked), answer(after, asked)]
    const direction = directionOf(old, now)
    if (direction !== undefined) count(groups[direction], { old, now, text, changed })
  }
  const list = (direction: Direction): readonly Transition[] =>
    [...groups[direction].values()].toSorted((a, b) => b.requests - a.requests)
  return {
    requests: requests.length,
    loosened: list('loosened'),
    tightened: list('tightened'),
    otherwise: list('otherwise'),
    policies,
  }
}

/** A case that both folders have is asked once. */
function casesAsRequests(cases: readonly PolicyCase[]): readonly GeneratedRequest[] {
  const byText = new Map<string, GeneratedRequest>()
  for (const each of cases) {
    if ('approve' in each) continue
    const { name, expect: _expect, ...request } = each
    byText.set(JSON.stringify(request), { text: `case “${name}”`, request })
  }
  return [...byText.values()]
}

function answer({ set }: PolicyBundle, request: DecisionRequest): Decision {
  return set.decide(request)
}

/** Undefined = the same outcome, with the same gates. */
function directionOf(old: Decision, now: Decision): Direction | undefined {
  if (old.effect !== now.effect) return RANK[now.effect] < RANK[old.effect] ? 'loosened' : 'tightened'
  const [was, is] = [demandsOf(old), demandsOf(now)]
  const dropped = was.filter((gate) => !is.includes(gate))
  const added = is.filter((gate) => !was.includes(gate))
  if (dropped.length === 0 && added.length === 0)
    return laterOf(old) === laterOf(now) ? undefined : 'otherwise'
  if (added.length === 0) return 'loosened'
  return dropped.length === 0 ? 'tightened' : 'otherwise'
}

/** Who may agree after a time: another group or time is neither more nor less. */
function laterOf({ gates }: Decision): string {
  return gates.map(({ scope, escalateTo, escalateAfter }) => `${scope}/${escalateTo}/${escalateAfter}`).join()
}

/** What stands between the call and its running: each that falls away loosens, each that comes tightens. */
/** What has to happen beside the outcome itself. */
function demandsOf({ gates, obligations }: Decision): readonly string[] {
  const asked = gates.flatMap(({ scope, by = '', quorum, delegator, grant, escalateTo }) => [
    `${scope}/${by}/${quorum}`,
    ...(delegator === 'yes' ? [] : [`${scope}: not the delegator`]),
    ...(delegator === undefined ? [`${scope}: not the delegator alone`] : []),
    ...(escalateTo === undefined ? [`${scope}: nobody else later`] : []),
    ...(grant === undefined ? [`${scope}: each time`] : []),
  ])
  return [...asked, ...obligations]
}

function count(
  group: Map<string, Transition>,
  met: {
    readonly old: Decision
    readonly now: Decision
    readonly text: string
    readonly changed: ReadonlySet<string>
  },
): void {
  const { old, now, text, changed } = met
  const deciding = [...new Set([...old.policies, ...now.policies])].toSorted()
  const policies = deciding.filter((id) => changed.has(id))
  const key = JSON.stringify([old.effect, now.effect, policies])
  const known = group.get(key)
  group.set(key, {
    from: old.effect,
    to: now.effect,
    policies: policies.length === 0 ? deciding : policies,
    requests: (known?.requests ?? 0) + 1,
    examples: [...(known?.examples ?? []), text].slice(0, MOST_EXAMPLES),
  })
}

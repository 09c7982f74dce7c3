import { readFileSync } from 'node:fs'
import { policyToJson } from '@cedar-policy/cedar-wasm/nodejs'
import { array, assert, nat, property, stringMatching } from 'fast-check'
import { expect, test } from 'vitest'
import { ACTIONS } from '../../src/core/actions.ts'
import type { Decision } from '../../src/core/decision.ts'
import { RESOURCE_TYPES } from '../../src/core/resource.ts'
import { BUILTIN_POLICIES } from '../../src/policy/builtin-policies.ts'
import { compilePolicySet } from '../../src/policy/compile-policy-set.ts'
import type { Est } from '../../src/policy/est.ts'
import type { PolicyBundle } from '../../src/policy/load-policy-set.ts'
import { mayLoosen } from '../../src/policy/may-loosen.ts'
import { observingEngine, type ObserveRule } from '../../src/policy/observe-policies.ts'
import type { LoadedPolicySet } from '../../src/policy/policy-set.ts'
import { splitPolicies } from '../../src/policy/split-policies.ts'
import { Tape } from './random-cedar.ts'
import { randomPackRequest } from './random-request.ts'
import { PACK } from './samples.ts'

/** Rules of the default pack and Remit's own, and some that look at more than labels. */
const POOL = [
  BUILTIN_POLICIES,
  ...['policies', 'gates', 'humans'].map((name) => readFileSync(`${PACK}/${name}.cedar`, 'utf8')),
  `@id("by-name") permit (principal, action, resource) when { resource.name like "x*" };
@id("errs") forbid (principal is Task, action in Action::"write", resource) when { context.sandboxed && principal.parent.workflow == "x" };
@id("permit-all") permit (principal, action, resource);
@id("errs-permit") permit (principal, action, resource) when { principal.parent.workflow == "x" };
@id("never-mind") @always forbid (principal, action, resource) when { resource.labels.contains("production") };
@id("gate-2") @consent("run") forbid (principal, action in Action::"read", resource) unless { context.sandboxed };`,
]
  .flatMap(splitPolicies)
  .map(({ text }) => {
    const answer = policyToJson(text)
    if (answer.type === 'failure') throw new Error(answer.errors[0]?.message)
    return answer.json as unknown as Est & { readonly annotations: Readonly<Record<string, string>> }
  })

const schema = {
  resourceTypes: Object.fromEntries(Object.keys(ACTIONS).map((action) => [action, RESOURCE_TYPES])),
}

function setOf(policies: readonly (typeof POOL)[number][]): LoadedPolicySet {
  return bundleOf(policies).set
}

function bundleOf(policies: readonly (typeof POOL)[number][]): PolicyBundle {
  const list = policies.map((est) => ({
    id: est.annotations['id']!,
    file: 'pool',
    line: 1,
    column: 1,
    est,
  }))
  const parsed = { schema, policies: list }
  return { parsed, schemaText: '', set: compilePolicySet(parsed, '') }
}

const STRICTNESS = { allow: 0, consent: 1, deny: 2 }
const strictness = ({ effect }: Decision): number => STRICTNESS[effect]

/** A random part of the pool, and a request. */
function drawn(numbers: readonly number[]) {
  const tape = new Tape(numbers)
  const policies = POOL.filter(() => tape.below(3) > 0)
  return { tape, policies, request: randomPackRequest(tape) }
}

const numbers = array(nat({ max: 65_535 }), {
  minLength: 4 * POOL.length + 40,
  maxLength: 4 * POOL.length + 40,
})

/** Runs a property and asserts that it met what it is about; every share of these is more than 6 σ above 1 in 20. */
function holds(runs: number, check: (drawn: readonly number[]) => boolean): void {
  let met = 0
  assert(
    property(numbers, (each) => void (check(each) ? met++ : 0)),
    { numRuns: runs },
  )
  expect(met).toBeGreaterThan(runs / 20)
}

test('R-POL-4: adding forbids never loosens', () => {
  holds(400, (each) => {
    const { tape, policies, request } = drawn(each)
    const forbids = POOL.filter(({ effect }) => effect === 'forbid' && tape.below(4) === 0)
    const rest = policies.filter((policy) => !forbids.includes(policy))
    const [without, with_] = [setOf(rest).decide(request), setOf([...rest, ...forbids]).decide(request)]
    expect(strictness(with_)).toBeGreaterThanOrEqual(strictness(without))
    return strictness(with_) > strictness(without)
  })
})

test('R-POL-4: removing a permit never loosens', () => {
  holds(400, (each) => {
    const { tape, policies, request } = drawn(each)
    const permit = tape.of(POOL.filter(({ effect }) => effect === 'permit'))
    const rest = policies.filter((policy) => policy !== permit)
    const [without, with_] = [setOf(rest).decide(request), setOf([...rest, permit]).decide(request)]
    expect(strictness(without)).toBeGreaterThanOrEqual(strictness(with_))
    return policies.length > 0
  })
})

test('R-POL-4: granting a gate never denies, and granting all that are open allows', () => {
  holds(600, (each) => {
    const { policies, request } = drawn(each)
    const set = setOf(policies)
    const before = set.decide(request)
    const granted = (approvals: readonly string[]) =>
      set.decide({ ...request, facts: { ...request.facts, approvals } })
    const all = [...request.facts.approvals, ...before.gates.map(({ scope }) => scope)]
    for (const scope of all)
      expect(strictness(granted([...request.facts.approvals, scope]))).toBeLessThanOrEqual(strictness(before))
    expect(granted(all).effect).toBe(before.effect === 'consent' ? 'allow' : before.effect)
    return before.effect === 'consent'
  })
})

test('R-POL-4: the order of policies is irrelevant, also to the hash', () => {
  holds(300, (each) => {
    const { policies, request } = drawn(each)
    const [set, reversed] = [setOf(policies), setOf(policies.toReversed())]
    const [one, other] = [set.decide(request), reversed.decide(request)]
    const plain = ({ effect, policies: ids, gates, errors }: Decision) => ({
      effect,
      ids,
      gates: gates.map(({ policy }) => policy).toSorted(),
      errors: errors.map(({ policy }) => policy).toSorted(),
    })
    expect(plain(other)).toEqual(plain(one))
    expect(reversed.hash).toBe(set.hash)
    return one.policies.length > 1
  })
})

test('R-POL-6: a decision never depends on the raw text of arguments', () => {
  const text = stringMatching(/^[\s\S]{0,60}$/)
  const set = setOf(POOL.filter(({ annotations }) => annotations['id'] !== 'by-name'))
  assert(
    property(numbers, text, text, (each, id, pointer) => {
      const { request } = drawn(each)
      const operations = request.operations.map((operation) => ({
        ...operation,
        resource: { ...operation.resource, id },
        origin: { pointer: `/${pointer}`, span: [0, pointer.length] as const },
      }))
      const { reasons: _, ...before } = set.decide(request)
      const { reasons: __, ...after } = set.decide({ ...request, operations })
      expect(after).toEqual(before)
    }),
    { numRuns: 500 },
  )
})

/** Rules that observe mode must leave alone: those of Remit, and those marked `@always`. */
const BINDING = POOL.filter(({ annotations }) => Object.hasOwn(annotations, 'always'))
const PERMIT_ALL = POOL.filter(({ annotations }) => annotations['id'] === 'permit-all')

/** Observe rules of every kind, among them such as name what may not be observed. */
function observeRules(tape: Tape, until: number): readonly ObserveRule[] {
  const ids = POOL.map(({ annotations }) => annotations['id'] ?? '')
  const candidates: readonly ObserveRule[] = [
    { tenant: 'default', until },
    { policy: tape.of(ids), until },
    { policy: tape.of(BINDING).annotations['id'], until },
  ]
  return candidates.filter(() => tape.below(2) === 0)
}

test('R-POL-8: observe mode never makes stricter, never lets past what is binding, and ends', () => {
  expect(BINDING.length).toBeGreaterThanOrEqual(6)
  holds(600, (each) => {
    const { tape, policies, request } = drawn(each)
    const set = setOf([...new Set([...policies, ...BINDING])])
    const binding = setOf([...BINDING, ...PERMIT_ALL]).decide(request)
    const { now } = request.facts
    const enforced = set.decide(request)
    const decide = (until: number) => {
      const rules = observeRules(tape, until)
      return observingEngine({ current: () => set }, () => rules)
        .current()
        .decide(request)
    }
    const observed = decide(now + 1)
    expect(strictness(observed)).toBeLessThanOrEqual(strictness(enforced))
    expect(strictness(observed)).toBeGreaterThanOrEqual(strictness(binding))
    const milder = strictness(observed) < strictness(enforced)
    expect(observed.observed?.effect).toBe(milder ? enforced.effect : undefined)
    expect(milder || observed).toEqual(milder || enforced)
    expect(decide(now)).toEqual(enforced)
    return milder
  })
})

test('R-POL-8: what belongs to Remit is denied whatever is observed', () => {
  holds(300, (each) => {
    const { tape, policies, request } = drawn(each)
    const set = setOf([...new Set([...policies, ...BINDING])])
    const rules = [
      ...observeRules(tape, request.facts.now + 1),
      { tenant: 'default', until: request.facts.now + 1 },
    ]
    const [first, ...others] = request.operations
    if (first === undefined) return false
    const operations = [{ ...first, labels: [...first.labels, 'remit-control' as const] }, ...others]
    const decision = observingEngine({ current: () => set }, () => rules)
      .current()
      .decide({ ...request, operations })
    expect(decision).toMatchObject({ effect: 'deny' })
    expect(decision.observed).toBeUndefined()
    return true
  })
})

test('R-POL-8: a change in which nothing may loosen loosens no decision', () => {
  holds(1500, (each) => {
    const { tape, policies, request } = drawn(each)
    const after = POOL.filter((policy) => {
      const kept = policies.includes(policy)
      // Mostly changes that only tighten, with now and then one that does not.
      if (tape.below(40) === 0) return !kept
      return policy.effect === 'forbid' ? kept || tape.below(3) === 0 : kept && tape.below(4) > 0
    })
    const [was, is] = [bundleOf(policies), bundleOf(after)]
    if (mayLoosen(was, is).length > 0) return false
    expect(strictness(is.set.decide(request))).toBeGreaterThanOrEqual(strictness(was.set.decide(request)))
    return true
  })
})

import { beforeEach, describe, expect, test } from 'vitest'
import { compilerOf } from '../../test/policy/compiled.ts'
import { chain, operation, readFile, request, task, visibility } from '../../test/policy/samples.ts'
import { observingEngine, type ObserveRule } from './observe-policies.ts'
import type { LoadedPolicySet } from './policy-set.ts'

const compile = compilerOf(`
@id("read") permit (principal, action == Action::"file.read", resource);
@id("secrets") forbid (principal, action, resource) when { resource.labels.contains("secret") };
@id("ci") @consent("ci") forbid (principal, action, resource) when { resource.labels.contains("ci") };
@id("system") @always forbid (principal, action, resource) when { resource.labels.contains("system") };
@id("broken") forbid (principal is Task, action == Action::"file.list", resource) when { context.history.calls * 9007199254740991 > 0 };
`)
let engine: { readonly current: () => LoadedPolicySet }
beforeEach(() => {
  const set = compile()
  engine = { current: () => set }
})

const LATER = request([]).facts.now + 1

function decide(rules: readonly Partial<ObserveRule>[], ...args: Parameters<typeof request>) {
  const observing = observingEngine(engine, () => rules.map((rule) => ({ until: LATER, ...rule })))
  return observing.current().decide(request(...args))
}

const SECRET = readFile('.env', ['secret'])
const WRITE = operation('file.write', { id: 'a' })

describe('R-POL-8: observe mode', () => {
  test('lets one rule’s denial through and says what would have been', () => {
    expect(decide([{ policy: 'secrets' }], [SECRET])).toMatchObject({
      effect: 'allow',
      policies: ['read'],
      observed: { effect: 'deny', policies: ['secrets'] },
    })
    expect(decide([{ policy: 'ci' }], [SECRET]).observed).toBeUndefined()
    expect(decide([{ policy: 'secrets' }], [readFile()]).observed).toBeUndefined()
  })

  test('of a denial leaves a gate that another rule holds', () => {
    expect(decide([{ policy: 'secrets' }], [readFile('x', ['secret', 'ci'])])).toMatchObject({
      effect: 'consent',
      gates: [{ scope: 'ci' }],
      observed: { effect: 'deny' },
    })
  })

  test('of a gate asks nobody', () => {
    expect(decide([{ policy: 'ci' }], [readFile('x', ['ci'])])).toMatchObject({
      effect: 'allow',
      gates: [],
      observed: { effect: 'consent', policies: ['ci'] },
    })
  })

  test('of a workflow or a tenant covers what nothing permits', () => {
    for (const rule of [{ workflow: 'fix-tests' }, { tenant: 'default' }]) {
      expect(decide([rule], [WRITE])).toMatchObject({
        effect: 'allow',
        policies: ['remit:observed'],
        observed: { effect: 'deny', policies: [] },
      })
    }
    expect(decide([{ workflow: 'other' }, { tenant: 'other' }], [WRITE]).effect).toBe('deny')
    expect(decide([{ policy: 'secrets' }], [WRITE]).effect).toBe('deny')
  })

  test('of a workflow does not soften what an ancestor of another may not do', () => {
    const tasks = chain(task(), task({ id: 'tsk_0', workflow: 'other' }))
    expect(decide([{ workflow: 'fix-tests' }], [WRITE], { chain: tasks }).effect).toBe('deny')
    expect(decide([{ workflow: 'fix-tests' }, { workflow: 'other' }], [WRITE], { chain: tasks }).effect).toBe(
      'allow',
    )
  })

  test.each([
    ['`@always`', [readFile('/etc/x', ['system'])], {}],
    ['Remit’s own files', [readFile('x', ['remit-control'])], {}],
    ['the scope', [readFile()], { facts: { outside: [['paths'] as const] } }],
    ['a revoked task', [readFile()], { facts: { taskState: 'revoked' as const } }],
    ['an unknown kind of operation', [operation('git.push', { id: 'x' })], {}],
  ])('never softens %s', (_, operations, over) => {
    const everything = [{ tenant: 'default' }, { policy: 'system' }, { policy: 'remit:control' }]
    expect(decide(everything, operations, over)).toMatchObject({ effect: 'deny' })
    expect(decide(everything, operations, over).observed).toBeUndefined()
  })

  test('ends by itself', () => {
    const { now } = request([]).facts
    expect(decide([{ policy: 'secrets', until: now }], [SECRET]).effect).toBe('deny')
    expect(decide([{ policy: 'secrets', until: Number.NaN }], [SECRET]).effect).toBe('deny')
  })

  test('keeps the errors of a rule on record', () => {
    const history = { ...request([]).facts.history, calls: Number.MAX_SAFE_INTEGER }
    const decision = decide([{ tenant: 'default' }], [operation('file.list', { id: 'a' })], {
      facts: { history },
    })
    expect(decision).toMatchObject({ effect: 'allow', observed: { effect: 'deny', policies: ['broken'] } })
    expect(decision.errors).toMatchObject([{ policy: 'broken' }])
  })

  test('follows the set in force and the rules of the moment, and nothing is wrapped without a rule', () => {
    let rules: readonly ObserveRule[] = []
    const observing = observingEngine(engine, () => rules)
    expect(observing.current()).toBe(engine.current())
    rules = [{ policy: 'secrets', until: LATER }]
    const inFlight = observing.current()
    expect(observing.current()).toBe(inFlight)
    expect(inFlight.hash).toBe(engine.current().hash)
    expect(inFlight.decide(request([SECRET])).effect).toBe('allow')
    rules = []
    expect(inFlight.decide(request([SECRET])).effect).toBe('deny')
  })
})

test('R-POL-8: what is only observed is listed, and nothing else', () => {
  const see = (rules: readonly Partial<ObserveRule>[], action: 'git.push' | 'file.read') =>
    observingEngine(engine, () => rules.map((rule) => ({ until: LATER, ...rule })))
      .current()
      .visible(visibility([action]))
  expect(see([{ workflow: 'other' }], 'git.push')).toBe('never')
  expect(see([{ tenant: 'default' }], 'git.push')).toBe('maybe')
  expect(see([{ tenant: 'default', until: 0 }], 'git.push')).toBe('never')
  expect(see([{ workflow: 'other' }], 'file.read')).toBe(engine.current().visible(visibility(['file.read'])))
})

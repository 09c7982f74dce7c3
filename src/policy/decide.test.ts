import { beforeEach, describe, expect, test } from 'vitest'
import { NO_HISTORY } from '../core/facts.ts'
import { compilerOf } from '../../test/policy/compiled.ts'
import { chain, operation, readFile, request, task } from '../../test/policy/samples.ts'
import type { PolicySet } from './policy-set.ts'

const TEXT = `
@id("permit-reads") @reason("reading is fine")
permit (principal is Task, action in [Action::"file.read", Action::"file.write"], resource);
@id("gate-ci") @consent("ci") @consent_by("maintainer") @quorum("2") @severity("high") @timeout("10m") @reason("touches CI")
forbid (principal is Task, action == Action::"file.write", resource) when { resource.labels.contains("ci") };
@id("gate-lock") @consent("dependencies") @reason("touches dependencies")
forbid (principal is Task, action == Action::"file.write", resource) when { resource.labels.contains("lockfile") };
@id("hard-secret") @reason("holds a secret")
forbid (principal is Task, action, resource) when { resource.labels.contains("secret") };
@id("overflows") @reason("counts too far")
forbid (principal is Task, action == Action::"file.read", resource)
when { resource.labels.contains("auth") && context.history.calls * 9007199254740991 * 9007199254740991 > 0 };
@id("permit-overflows")
permit (principal is Task, action == Action::"git.read", resource)
when { context.history.calls * 9007199254740991 * 9007199254740991 > 0 };
@id("workflow-only")
permit (principal in Workflow::"deploy", action == Action::"deploy.run", resource);
@id("team-only")
permit (principal is Task, action == Action::"sql.read", resource in Database::"orders")
when { principal.human in Team::"payments" && principal.agent in AgentKind::"claude-code" };
@id("opaque-gate") @consent("opaque")
forbid (principal is Task, action, resource) when { context.opaque };
`

const compile = compilerOf(TEXT)
let set: PolicySet
beforeEach(() => {
  set = compile()
})

const write = (...labels: ('ci' | 'lockfile' | 'secret' | 'source')[]) =>
  operation('file.write', { id: 'f' }, { labels })

describe('the three-valued decision', () => {
  test('R-POL-2: a satisfied permit and no forbid allows, and says by which policy', () => {
    const decision = set.decide(request([readFile()]))
    expect(decision).toEqual({
      effect: 'allow',
      reasons: [{ policy: 'permit-reads', text: 'reading is fine', operation: 0 }],
      policies: ['permit-reads'],
      gates: [],
      obligations: [],
      errors: [],
    })
  })

  test('R-POL-4: an open gate asks, with its own approvers, quorum, severity and time', () => {
    const decision = set.decide(request([write('ci')]))
    expect(decision.effect).toBe('consent')
    expect(decision.gates).toEqual([
      {
        scope: 'ci',
        by: 'maintainer',
        quorum: 2,
        severity: 'high',
        timeout: 600,
        policy: 'gate-ci',
        reason: 'touches CI',
      },
    ])
    expect(set.gatesOf('gate-ci')).toBe(decision.gates[0])
    expect(set.gatesOf('hard-secret')).toBeUndefined()
  })

  test('R-POL-4: an approval opens exactly its own gate', () => {
    const both = [write('ci', 'lockfile')]
    expect(set.decide(request(both)).gates.map(({ scope }) => scope)).toEqual(['ci', 'dependencies'])
    const half = set.decide(request(both, { facts: { approvals: ['ci'] } }))
    expect(half.gates.map(({ scope }) => scope)).toEqual(['dependencies'])
    expect(set.decide(request(both, { facts: { approvals: ['dependencies', 'ci'] } })).effect).toBe('allow')
  })

  test('R-POL-4: a hard forbid outranks gates, and no approval lifts it', () => {
    const decision = set.decide(
      request([write('ci', 'secret')], { facts: { approvals: ['ci', 'hard-secret'] } }),
    )
    expect(decision).toMatchObject({ effect: 'deny', policies: ['hard-secret'], gates: [] })
  })

  test('R-POL-4: what no permit would allow is denied, never asked', () => {
    const push = operation('git.push', { type: 'Repository', id: 'acme/web' }, { opaque: true })
    const decision = set.decide(request([push]))
    expect(decision).toMatchObject({ effect: 'deny', policies: [], gates: [] })
    expect(decision.reasons[0]).toEqual({
      policy: 'remit:no-permit',
      text: 'no policy permits `git.push on Repository::"acme/web"`',
      operation: 0,
    })
  })

  test('R-POL-4: a forbid that cannot be evaluated denies, and the error is listed', () => {
    const facts = { history: { ...NO_HISTORY, calls: 2 } }
    const decision = set.decide(request([readFile('a', ['auth'])], { facts }))
    expect(decision).toMatchObject({ effect: 'deny', policies: ['overflows'] })
    expect(decision.errors).toEqual([{ policy: 'overflows', message: 'integer overflow' }])
    expect(decision.reasons[0]?.text).toBe('policy `overflows` could not be evaluated, so it denies')
  })

  test('R-POL-4: a permit that cannot be evaluated does not permit', () => {
    const facts = { history: { ...NO_HISTORY, calls: 2 } }
    const decision = set.decide(request([operation('git.read', { type: 'Repository', id: 'r' })], { facts }))
    expect(decision.effect).toBe('deny')
    expect(decision.errors.map(({ policy }) => policy)).toEqual(['permit-overflows'])
  })

  test('R-POL-1: of several operations the strictest decides and gates are united', () => {
    const united = set.decide(request([readFile(), write('ci'), write('lockfile'), write('ci')]))
    expect(united.effect).toBe('consent')
    expect(united.gates.map(({ scope }) => scope)).toEqual(['ci', 'dependencies'])
    expect(united.reasons.map(({ operation }) => operation)).toEqual([1, 2, 3])
    expect(set.decide(request([readFile(), write('ci'), readFile('.env', ['secret'])]))).toMatchObject({
      effect: 'deny',
      policies: ['hard-secret'],
      gates: [],
    })
  })
})

describe('who and what', () => {
  test('R-ID-1: every task of the chain must be permitted', () => {
    const deploy = operation('deploy.run', { type: 'Host', id: 'h' })
    const parent = task({ id: 'tsk_0', workflow: 'fix-tests' })
    const child = task({ id: 'tsk_1', workflow: 'deploy', parent: 'tsk_0' })
    expect(set.decide(request([deploy], { chain: chain(child) })).effect).toBe('allow')
    expect(set.decide(request([deploy], { chain: chain(child, parent) })).effect).toBe('deny')
    expect(
      set.decide(request([deploy], { chain: chain(child, { ...parent, workflow: 'deploy' }) })).effect,
    ).toBe('allow')
  })

  test('R-POL-3: teams, agent kinds and resource hierarchies are followed', () => {
    const read = (ancestors: { type: string; id: string }[]) =>
      operation('sql.read', { type: 'Table', id: 'orders.items', ancestors })
    expect(set.decide(request([read([{ type: 'Database', id: 'orders' }])])).effect).toBe('allow')
    expect(set.decide(request([read([{ type: 'Database', id: 'people' }])])).effect).toBe('deny')
    const stranger = { ...request([]).human, teams: [] }
    expect(
      set.decide(request([read([{ type: 'Database', id: 'orders' }])], { human: stranger })).effect,
    ).toBe('deny')
  })

  test('R-POL-1: the built-in rules deny on their own facts, and no approval lifts them', () => {
    const approvals = ['ci', 'dependencies', 'opaque', 'remit:control', 'remit:scope']
    const deny = (facts: object, operations = [readFile()]) =>
      set.decide(request(operations, { facts: { approvals, ...facts } })).policies
    expect(deny({}, [readFile('remit.yaml', ['remit-control'])])).toEqual(['remit:control'])
    expect(deny({ outside: [['paths']] })).toEqual(['remit:scope'])
    expect(deny({ taskState: 'expired' })).toEqual(['remit:task-state'])
    expect(deny({ budgetExhausted: true })).toEqual(['remit:budget'])
    expect(deny({ pinned: false })).toEqual(['remit:pinned'])
  })
})

describe('requests that make no sense', () => {
  test('R-SEC-1: a call without operations, or without its facts, is denied', () => {
    expect(set.decide(request([])).effect).toBe('deny')
    expect(set.decide(request([readFile()], { facts: { outside: [] } })).effect).toBe('deny')
    expect(set.decide(null as never)).toMatchObject({
      effect: 'deny',
      errors: [{ policy: 'remit:engine-failed' }],
    })
  })

  test('R-SEC-1: an action on a resource that it does not apply to is denied', () => {
    const decision = set.decide(request([operation('file.read', { type: 'Program', id: 'sh' })]))
    expect(decision.reasons[0]).toMatchObject({ policy: 'remit:malformed-request', operation: 0 })
    expect(set.decide(request([operation('no.such' as never, { id: 'x' })])).effect).toBe('deny')
  })

  test('R-POL-1: the same request gives the same decision', () => {
    const call = request([readFile(), write('ci')])
    expect(set.decide(call)).toEqual(set.decide(structuredClone(call)))
  })
})

describe('R-POL-1: a refusal says what is wrong', () => {
  const file = readFile()
  test.each<readonly [string, ReturnType<typeof request>, policy: string, text: string]>([
    ['no operation', request([]), 'remit:malformed-request', 'the call holds no operation to decide'],
    [
      'no scope facts',
      request([file, file], { facts: { outside: [[]] } }),
      'remit:malformed-request',
      'an operation of the call has no scope facts',
    ],
    [
      'an action that is none',
      request([operation('no.such' as never, { id: 'x' })]),
      'remit:malformed-request',
      '`no.such File x` is nothing that policy can decide',
    ],
    ['no request', null as never, 'remit:engine-failed', 'the policy engine could not decide this call'],
  ])('%s', (_name, call, policy, text) => {
    const { effect, reasons, policies, gates, obligations } = set.decide(call)
    expect({ effect, policies, gates, obligations }).toEqual({
      effect: 'deny',
      policies: [],
      gates: [],
      obligations: [],
    })
    expect(reasons).toMatchObject([{ policy, text }])
  })

  test('the first of several operations that deny does not hide the others', () => {
    const { reasons, policies } = set.decide(
      request([operation('no.such' as never, { id: 'x' }), readFile('.env', ['secret']), readFile()]),
    )
    expect(reasons.map(({ policy, operation: position }) => [policy, position])).toEqual([
      ['remit:malformed-request', 0],
      ['hard-secret', 1],
    ])
    expect(policies).toEqual(['hard-secret'])
  })

  test('policies are sorted, and one that several tasks meet is said once', () => {
    const rules = compilerOf(`@id("b") permit (principal, action, resource);
@id("a") permit (principal, action, resource);`)()
    const tasks = chain(task({ id: 'tsk_1' }), task({ id: 'tsk_0' }))
    const { policies, reasons } = rules.decide(request([readFile(), readFile('b')], { chain: tasks }))
    expect(policies).toEqual(['a', 'b'])
    expect(reasons.map(({ policy, operation: position }) => [policy, position])).toEqual([
      ['b', 0],
      ['a', 0],
      ['b', 1],
      ['a', 1],
    ])
  })

  test('R-POL-4: an error of a permit beside a permit that holds is listed and changes nothing', () => {
    const rules = compilerOf(`@id("ok") permit (principal, action, resource);
@id("sum") permit (principal is Task, action, resource) when { context.history.calls * 9007199254740991 * 9007199254740991 > 0 };`)()
    const history = { ...request([]).facts.history, calls: 2 }
    const { effect, policies, errors } = rules.decide(request([file], { facts: { history } }))
    expect([effect, policies, errors.map(({ policy }) => policy)]).toEqual(['allow', ['ok'], ['sum']])
  })

  test('R-POL-4: an approval of a scope lifts its own gate and no rule without one', () => {
    const rules = compilerOf(`@id("ok") permit (principal, action, resource);
@id("hard") forbid (principal, action, resource) when { resource.labels.contains("ci") };
@id("soft") @consent("hard") forbid (principal, action, resource) when { resource.labels.contains("ci") };`)()
    const ci = readFile('a', ['ci'])
    expect(rules.decide(request([ci], { facts: { approvals: ['hard'] } })).policies).toEqual(['hard'])
  })
})

import { expect, test } from 'vitest'
import { packCompiler, parsedOf } from '../../test/policy/compiled.ts'
import { ADA, approval, readFile, request } from '../../test/policy/samples.ts'
import { gateFrom, obligationsFrom } from './annotations.ts'
import { compilePolicy } from './compile-policy.ts'
import { compilePolicySet } from './compile-policy-set.ts'
import { relaxFindings } from './relax-findings.ts'
import { runCases } from './run-cases.ts'
import { readCases, readRequestCase } from './read-cases.ts'
import { valueText } from './trace-facts.ts'
import { typedValue } from './typed-value.ts'

test('R-POL-6: typed facts are values of their type', () => {
  expect(valueText(typedValue(undefined))).toBe('{}')
  const found = {
    price: { type: 'decimal', value: '1.5000' },
    cost: { type: 'money', value: '2.0000', currency: 'EUR' },
    tags: { type: 'set', value: ['a', 'b'] },
    count: { type: 'integer', value: 3 },
    path: { type: 'path', value: 'User::"x"' },
  } as const
  expect(valueText(typedValue({ found, faults: [] }))).toBe(
    String.raw`{price: decimal(15000), cost: {amount: decimal(20000), currency: "EUR"}, tags: ["a", "b"], count: 3, path: "User::\"x\""}`,
  )
})

test('R-POL-4: what a permit obliges to, and what a gate lets last', () => {
  expect(obligationsFrom(new Map())).toEqual([])
  const both = new Map([
    ['redact', 'secrets'],
    ['withhold', 'secrets'],
  ])
  expect(obligationsFrom(both)).toEqual(['redact-secrets', 'withhold-secrets'])
  expect(obligationsFrom(new Map([['redact', 'other']]))).toEqual([])
  expect(
    gateFrom(
      new Map([
        ['consent', 'x'],
        ['grant', 'task'],
      ]),
      'p',
    )?.grant,
  ).toBe('task')
  expect(
    gateFrom(
      new Map([
        ['consent', 'x'],
        ['grant', 'ever'],
      ]),
      'p',
    )?.grant,
  ).toBeUndefined()
  const est = (effect: string) => ({
    effect,
    principal: { op: 'All' },
    action: { op: 'All' },
    resource: { op: 'All' },
    conditions: [],
    annotations: { redact: 'secrets' },
  })
  const origin = { id: 'p', source: 'pack' } as const
  expect(compilePolicy(est('permit'), origin).obligations).toEqual(['redact-secrets'])
  expect(compilePolicy(est('forbid'), origin).obligations).toEqual([])
})

test('R-POL-8: observing drops what is watched, never Remit’s own, nor an error of a permit', () => {
  const [permit, forbid, builtin] = ['permit', 'forbid', 'forbid'].map((effect, index) =>
    compilePolicy(
      { effect, principal: { op: 'All' }, action: { op: 'All' }, resource: { op: 'All' }, conditions: [] },
      { id: `p${index}`, source: index === 2 ? 'builtin' : 'pack' },
    ),
  )
  const error = (policy = permit!) => ({ policy, error: { policy: policy.info.id, message: 'x' } })
  const findings = {
    permits: [permit!],
    forbids: [forbid!, builtin!],
    errors: [error(permit), error(forbid), error(builtin)],
  }
  const all = relaxFindings(findings, { everything: true, policies: new Set() })
  expect([all.permits, all.forbids, all.errors.map(({ policy }) => policy)]).toEqual([
    [permit],
    [builtin],
    [permit, builtin],
  ])
  const none = relaxFindings(
    { ...findings, permits: [] },
    { everything: false, policies: new Set(['p1', 'p2']) },
  )
  expect([none.permits, none.forbids]).toEqual([[], [builtin]])
})

test('R-AUD-1: the hash is that of the policies and the schema', () => {
  const hash = (text: string, schema: string) => compilePolicySet(parsedOf(text), schema).hash
  const permit = '@id("a") permit (principal, action, resource);'
  expect(hash(permit, 's')).toBe(hash(permit, 's'))
  expect(
    new Set([hash(permit, 's'), hash(permit, 't'), hash(permit.replace('permit', 'forbid'), 's')]).size,
  ).toBe(3)
  expect(hash(permit, 's')).not.toBe(hash(permit.replace('"a"', '"b"'), 's'))
})

test('R-POL-9: a case that cannot be run, or is about an approver, says what is wrong', () => {
  const set = packCompiler()()
  const cases = readCases(
    `- { name: broken, operations: [{ action: file.read, resource: nothing }], expect: { effect: allow } }
- { name: person, approve: { human: { id: eve }, task: ada, severity: low }, expect: { effect: allow } }
- { name: gates, operations: [{ action: file.read, resource: 'File::"a"' }], expect: { effect: allow, gates: [x, y] } }`,
    'x.yaml',
  )
  const [broken, person, gates] = runCases(set, cases)
  expect(broken).toEqual({
    name: 'broken',
    differences: ['`nothing` is no entity; write `Type::"id"`'],
    policies: [],
  })
  expect(person?.differences[0]).toMatch(/^expected allow, got deny: /)
  expect(person?.policies).toEqual([])
  expect(gates?.differences).toContain('expected gates [x, y], got []')
  expect(() => readCases('- {name: x', 'y.yaml')).toThrow(/^y\.yaml: Flow map in block collection /)
  expect(() => readCases('- {name: x, name: y}', 'y.yaml')).toThrow('Map keys must be unique')
  expect(() => readCases('- {name: x, name: y}', 'y.yaml')).toThrow(
    expect.objectContaining({ code: 'policy_invalid' }),
  )
  expect(() => readCases('[]', 'y.yaml')).toThrow(expect.objectContaining({ code: 'policy_invalid' }))
  expect(readRequestCase({ operations: [] })).toEqual({ operations: [] })
  expect(readRequestCase({ operatoins: [] })).toContain('operatoins')
})

test('R-CON-2: whom a gate keeps from approving is told why', () => {
  const set = packCompiler()()
  const ask = (gates: Parameters<typeof approval>[0], alone = false) =>
    set.mayApprove(ADA, approval(gates), { now: 0, alone }).reason
  expect(ask([{ scope: 'a' }])).toBe('`a` is approved by another human than the one whose task it is')
  expect(
    ask([
      { scope: 'a', delegator: 'yes' },
      { scope: 'b', delegator: 'alone' },
    ]),
  ).toBe(
    '`b` is approved by another human than the one whose task it is, unless nobody else is enrolled and the task runs on a laptop',
  )
  expect(set.mayApprove(null as never, approval([{}]), { now: 0, alone: false }).reason).toBe(
    'the policy engine could not decide who may approve this',
  )
})

test('R-POL-1: faults of typed facts deny, in words', () => {
  const typed = { found: {}, faults: ['`a` is missing', '`b` is no number'] }
  const { effect, reasons } = packCompiler()().decide(request([readFile()], { facts: { typed } }))
  expect(effect).toBe('deny')
  expect(reasons[0]?.text).toContain('`a` is missing; `b` is no number')
})

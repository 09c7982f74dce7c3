import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../core/json.ts'
import { compilePolicy } from './compile-policy.ts'
import { compileScope, type ScopeVariable } from './compile-scope.ts'
import type { Evaluation } from './evaluation.ts'
import { EMPTY_RECORD, EntityUid, recordOf, UNKNOWN } from './values.ts'

const ANN = new EntityUid('User', 'ann')
const entities = {
  find: (uid: EntityUid) =>
    uid.id === 'ann'
      ? { uid: ANN, attributes: EMPTY_RECORD, ancestors: [new EntityUid('Group', 'g')] }
      : undefined,
}
const EVALUATION: Evaluation = {
  principal: ANN,
  action: new EntityUid('Action', 'view'),
  resource: UNKNOWN,
  context: recordOf([
    ['yes', true],
    ['text', 'a'],
    ['open', UNKNOWN],
  ]),
  entities,
  absorbedUnknown: false,
}
const ALL = { op: 'All' }
const entity = (type: string, id: string) => ({ type, id })

function policy(more: JsonObject = {}): JsonObject {
  return { effect: 'forbid', principal: ALL, action: ALL, resource: ALL, conditions: [], ...more }
}

function read(name: string): JsonObject {
  return { '.': { left: { Var: 'context' }, attr: name } }
}

const ORIGIN = { id: 'p', source: 'pack', file: 'a.cedar' } as const

describe('R-POL-5: scopes', () => {
  const IS = { op: 'is', entity_type: 'User' }
  const inside = (id: string) => ({ ...IS, in: { entity: entity('Group', id) } })
  test.each<readonly [ScopeVariable, Json, expected: boolean | 'unknown', within: string, type: string]>([
    ['principal', ALL, true, '', ''],
    ['resource', ALL, true, '', ''],
    ['principal', { op: '==', entity: entity('User', 'ann') }, true, 'User::"ann"', ''],
    ['principal', { op: '==', entity: entity('User', 'bob') }, false, 'User::"bob"', ''],
    ['action', { op: '==', entity: entity('Action', 'view') }, true, 'Action::"view"', ''],
    ['principal', { op: 'in', entity: entity('Group', 'g') }, true, 'Group::"g"', ''],
    ['principal', { op: 'in', entity: entity('Group', 'h') }, false, 'Group::"h"', ''],
    ['principal', { op: 'in', entities: [entity('Group', 'h'), entity('Group', 'g')] }, true, '', ''],
    ['principal', { op: 'in', entities: [entity('Group', 'h')] }, false, '', ''],
    ['principal', IS, true, '', 'User'],
    ['principal', { op: 'is', entity_type: 'Group' }, false, '', 'Group'],
    ['principal', inside('g'), true, 'Group::"g"', 'User'],
    ['principal', inside('h'), false, 'Group::"h"', 'User'],
    ['principal', { ...inside('g'), entity_type: 'Bot' }, false, 'Group::"g"', 'Bot'],
    ['resource', { op: '==', entity: entity('File', 'a') }, 'unknown', 'File::"a"', ''],
    ['resource', { op: 'in', entity: entity('File', 'a') }, 'unknown', 'File::"a"', ''],
    ['resource', { op: 'is', entity_type: 'File' }, 'unknown', '', 'File'],
  ])('%s %j', (variable, form, ...[expected, within, type]) => {
    const scope = compileScope(variable, form)
    const answer = scope.test(EVALUATION)
    expect(answer === UNKNOWN ? 'unknown' : answer).toBe(expected)
    expect([scope.within?.toString() ?? '', scope.type ?? '']).toEqual([within, type])
  })

  test('one that is not known is refused', () => {
    expect(() => compileScope('principal', { op: 'like' })).toThrow('scope operator `like` is not known')
    expect(() => compileScope('principal', { op: '==' })).toThrow('`entity` is missing')
    expect(() => compileScope('principal', { op: 'is', entity_type: 'A', in: {} })).toThrow(
      '`entity` is missing',
    )
  })
})

describe('R-POL-3: what a policy says of itself', () => {
  test('with all annotations', () => {
    const annotations = { reason: 'why', consent: 'ci', severity: 'high', always: '' }
    const compiled = compilePolicy(policy({ annotations }), ORIGIN)
    expect(compiled.info).toEqual({
      id: 'p',
      effect: 'forbid',
      reason: 'why',
      consent: 'ci',
      severity: 'high',
      always: true,
      source: 'pack',
      file: 'a.cedar',
    })
    expect([compiled.forbids, compiled.gate?.scope, compiled.reason]).toEqual([
      true,
      'ci',
      { policy: 'p', text: 'why' },
    ])
  })

  test('with none', () => {
    const compiled = compilePolicy(policy({ effect: 'permit' }), { id: 'q', source: 'builtin' })
    expect(compiled.info).toEqual({ id: 'q', effect: 'permit', source: 'builtin' })
    expect(Object.keys(compiled.info)).toEqual(['id', 'effect', 'source'])
    expect([compiled.forbids, compiled.gate, compiled.reason.text]).toEqual([
      false,
      undefined,
      'policy `q` permits it',
    ])
    expect(compilePolicy(policy(), ORIGIN).reason.text).toBe('policy `p` forbids it')
  })

  test('a severity may stand without a gate, and a gate has one anyway', () => {
    expect(compilePolicy(policy({ annotations: { severity: 'low' } }), ORIGIN).info.severity).toBe('low')
    expect(compilePolicy(policy({ annotations: { consent: 'x' } }), ORIGIN).info.severity).toBe('medium')
    expect(compilePolicy(policy({ annotations: { severity: 'odd' } }), ORIGIN).info.severity).toBeUndefined()
  })

  test('R-POL-4: a gate on a permit opens nothing', () => {
    const permit = policy({ effect: 'permit', annotations: { consent: 'x' } })
    expect(compilePolicy(permit, ORIGIN).gate).toBeUndefined()
  })

  test('whether it looks at the names of server and tool', () => {
    const reads = (name: string) =>
      compilePolicy(policy({ conditions: [{ kind: 'when', body: read(name) }] }), ORIGIN).readsTool
    expect([reads('server'), reads('tool'), reads('yes')]).toEqual([true, true, false])
  })

  test.each([
    [policy({ effect: 'allow' }), 'effect `allow` is not known'],
    [policy({ conditions: [{ kind: 'if', body: read('yes') }] }), 'clause `if` is not known'],
    [policy({ conditions: [{ kind: 'when' }] }), '`body` is missing'],
    [{ ...policy(), resource: undefined as never }, '`resource` is missing'],
  ])('row %# is refused', (est, message) => {
    expect(() => compilePolicy(est, ORIGIN)).toThrow(message)
  })
})

describe('R-POL-5: conditions', () => {
  const [YES, OPEN, TEXT] = ['yes', 'open', 'text'].map(read)
  test.each<readonly [string, readonly (readonly ['when' | 'unless', Json])[], string]>([
    ['none', [], 'true'],
    ['when', [['when', YES!]], 'true'],
    ['unless', [['unless', YES!]], 'false'],
    ['unknown', [['when', OPEN!]], 'unknown'],
    ['unless unknown', [['unless', OPEN!]], 'unknown'],
    ['no boolean', [['when', TEXT!]], 'type error: expected bool, got string'],
    [
      'both hold',
      [
        ['when', YES!],
        ['when', YES!],
      ],
      'true',
    ],
    [
      'the second fails',
      [
        ['when', YES!],
        ['unless', YES!],
      ],
      'false',
    ],
    [
      'the first fails',
      [
        ['unless', YES!],
        ['when', TEXT!],
      ],
      'false',
    ],
    [
      'unknown, then true',
      [
        ['when', OPEN!],
        ['when', YES!],
      ],
      'unknown',
    ],
    [
      'true, then unknown',
      [
        ['when', YES!],
        ['when', OPEN!],
      ],
      'unknown',
    ],
    [
      'unknown, then false',
      [
        ['when', OPEN!],
        ['unless', YES!],
      ],
      'false, past an unknown',
    ],
    [
      'true, then no boolean',
      [
        ['when', YES!],
        ['when', TEXT!],
      ],
      'type error: expected bool, got string',
    ],
  ])('%s', (_name, clauses, expected) => {
    const conditions = clauses.map(([kind, body]) => ({ kind, body }))
    const { condition } = compilePolicy(policy({ conditions }), ORIGIN)
    const evaluation = { ...EVALUATION, absorbedUnknown: false }
    const answer = (): string => {
      try {
        const value = condition(evaluation)
        return typeof value === 'boolean' ? String(value) : 'unknown'
      } catch (error) {
        return (error as Error).message
      }
    }
    expect(answer() + (evaluation.absorbedUnknown ? ', past an unknown' : '')).toBe(expected)
  })
})

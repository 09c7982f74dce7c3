import { policyToJson } from '@cedar-policy/cedar-wasm/nodejs'
import { describe, expect, test } from 'vitest'
import type { Json } from '../../core/json.ts'
import { compileExpression } from '../compile-expression.ts'
import type { Entity, Evaluation } from '../evaluation.ts'
import { callExtension } from '../extensions/call-extension.ts'
import { valueText } from '../trace-facts.ts'
import { CedarSet, EMPTY_RECORD, EMPTY_SET, EntityUid, recordOf, UNKNOWN, type Value } from '../values.ts'

const ANN = new EntityUid('User', 'ann')

function evaluation(): Evaluation {
  const ann: Entity = {
    uid: ANN,
    attributes: recordOf([['name', 'Ann']]),
    tags: recordOf([['team', 'red']]),
    ancestors: [new EntityUid('Group', 'g'), new EntityUid('Group', 'h')],
  }
  const untagged: Entity = { uid: new EntityUid('User', 'bob'), attributes: EMPTY_RECORD, ancestors: [] }
  return {
    principal: ANN,
    action: new EntityUid('Action', 'view'),
    resource: UNKNOWN,
    context: recordOf([
      ['n', 5],
      ['max', 2n ** 63n - 1n],
      ['min', -(2n ** 63n)],
      ['s', 'text'],
      ['yes', true],
      ['no', false],
      ['set', new CedarSet([1, 'a'])],
      ['none', EMPTY_SET],
      ['rec', recordOf([['x', recordOf([['y', 1]])]])],
      ['u', UNKNOWN],
      ['day', callExtension('datetime', ['2024-02-29'])],
      ['hour', callExtension('duration', ['1h'])],
    ]),
    entities: { find: (uid) => [ann, untagged].find((entity) => entity.uid.id === uid.id) },
    absorbedUnknown: false,
  }
}

const conditions = new Map<string, Json>()

/** An expression as the official parser reads it. */
function parsed(text: string): Json {
  const answer = policyToJson(`permit (principal, action, resource) when { ${text} };`)
  if (answer.type === 'failure') throw new Error(`${answer.errors[0]?.message}: ${text}`)
  return (answer.json.conditions as unknown as readonly { readonly body: Json }[])[0]!.body
}

function evaluated(text: string): { readonly value: string; readonly absorbed: boolean } {
  const against = evaluation()
  try {
    const value: Value = compileExpression(conditions.get(text) ?? null)(against)
    return { value: valueText(value), absorbed: against.absorbedUnknown }
  } catch (error) {
    return { value: `error: ${(error as Error).message}`, absorbed: against.absorbedUnknown }
  }
}

/** Each with what it yields; `?` = unknown, and `?!` after an answer = an unknown operand was passed over. */
function rows(title: string, table: readonly (readonly [string, string])[]): void {
  describe(`R-POL-5: ${title}`, () => {
    for (const [text] of table) conditions.set(text, parsed(text))
    test.each(table)('%s ▸ %s', (text, expected) => {
      const { value, absorbed } = evaluated(text)
      const shown = value === 'unknown' ? '?' : value
      expect(absorbed ? `${shown} ?!` : shown).toBe(expected)
    })
  })
}

const typeError = (wanted: string, got: string): string => `error: type error: expected ${wanted}, got ${got}`

rows('arithmetic', [
  ['context.n + 2', '7'],
  ['context.n - 7', '-2'],
  ['context.n * 3', '15'],
  ['context.n * -3', '-15'],
  ['-context.n', '-5'],
  ['-context.min', 'error: integer overflow'],
  ['-context.max', '-9223372036854775807'],
  ['context.max + 1', 'error: integer overflow'],
  ['context.max - 1', '9223372036854775806'],
  ['context.min - 1', 'error: integer overflow'],
  ['context.min + 1', '-9223372036854775807'],
  ['context.max * 2', 'error: integer overflow'],
  ['context.max + context.min', '-1'],
  ['9007199254740991 + 1', '9007199254740992'],
  ['9007199254740991 + 2', '9007199254740993'],
  ['-9007199254740991 - 2', '-9007199254740993'],
  ['9007199254740991 + 2 - 2', '9007199254740991'],
  ['9007199254740991 * 2', '18014398509481982'],
  ['4611686018427387 * 2000 + 2', '9223372036854774002'],
  ['"a" + 1', typeError('long', 'string')],
  ['1 + true', typeError('long', 'bool')],
  ['context.set * 1', typeError('long', 'set')],
  ['-context.rec', typeError('long', 'record')],
  ['-principal', typeError('long', 'entity of type User')],
  ['context.u + 1', '?'],
  ['1 - context.u', '?'],
  ['-context.u', '?'],
])

rows('comparison', [
  ['1 == 1', 'true'],
  ['1 == 2', 'false'],
  ['1 != 1', 'false'],
  ['1 != "1"', 'true'],
  ['principal == User::"ann"', 'true'],
  ['principal == User::"bob"', 'false'],
  ['principal == Group::"ann"', 'false'],
  ['principal == "ann"', 'false'],
  ['"ann" == principal', 'false'],
  ['context.set == principal', 'false'],
  ['principal == context.set', 'false'],
  ['context.u == 1', '?'],
  ['1 == context.u', '?'],
  ['1 != context.u', '?'],
  ['{a: context.u} == {a: 1}', '?'],
  ['{a: 1} == {a: context.u}', '?'],
  ['1 < 2', 'true'],
  ['2 < 2', 'false'],
  ['2 <= 2', 'true'],
  ['3 <= 2', 'false'],
  ['2 > 2', 'false'],
  ['3 > 2', 'true'],
  ['2 >= 2', 'true'],
  ['1 >= 2', 'false'],
  ['context.max > 9007199254740991', 'true'],
  ['context.day < context.day', 'false'],
  ['context.day <= context.day', 'true'],
  ['context.day > datetime("2024-02-28")', 'true'],
  ['context.hour < duration("61m")', 'true'],
  ['context.hour >= duration("61m")', 'false'],
  ['context.day < context.hour', typeError('two values of one ordered type', 'datetime')],
  ['context.hour < context.day', typeError('two values of one ordered type', 'duration')],
  ['1 < "a"', typeError('two values of one ordered type', 'string')],
  ['"a" < 1', typeError('two values of one ordered type', 'string')],
  ['context.day < 1', typeError('two values of one ordered type', 'datetime')],
  ['context.u < 1', '?'],
  ['1 < context.u', '?'],
  ['context.day < context.u', '?'],
])

rows('hierarchy', [
  ['principal in Group::"g"', 'true'],
  ['principal in Group::"h"', 'true'],
  ['principal in Group::"x"', 'false'],
  ['principal in Team::"g"', 'false'],
  ['principal in User::"ann"', 'true'],
  ['User::"nobody" in Group::"g"', 'false'],
  ['principal in [Group::"x", Group::"g"]', 'true'],
  ['principal in [Group::"x", Group::"y"]', 'false'],
  ['principal in []', 'false'],
  ['principal in [Group::"g", 1]', typeError('entity', 'long')],
  ['principal in 1', typeError('entity or set of entities', 'long')],
  ['1 in principal', typeError('entity', 'long')],
  ['context.u in principal', '?'],
  ['principal in context.u', '?'],
  ['principal is User', 'true'],
  ['principal is Group', 'false'],
  ['principal is User in Group::"g"', 'true'],
  ['principal is User in Group::"x"', 'false'],
  ['principal is Group in 1', 'false'],
  ['principal is User in 1', typeError('entity or set of entities', 'long')],
  ['resource is File', '?'],
  ['1 is User', typeError('entity', 'long')],
])

rows('like', [
  ['"abc" like "abc"', 'true'],
  ['"abc" like "ab"', 'false'],
  ['"abc" like "abcd"', 'false'],
  ['"abc" like "*"', 'true'],
  ['"abc" like "a*"', 'true'],
  ['"abc" like "*c"', 'true'],
  ['"abc" like "b*"', 'false'],
  ['"abc" like "*b"', 'false'],
  ['"aba" like "ab*ba"', 'false'],
  ['"abba" like "ab*ba"', 'true'],
  ['"a-b-c" like "a*b*c"', 'true'],
  ['"a-c-b" like "a*b*c"', 'false'],
  ['"ab-ab" like "*ab*ab*"', 'true'],
  ['"ab" like "*ab*ab*"', 'false'],
  ['"xabyabz" like "x*ab*ab*z"', 'true'],
  ['"xabz" like "x*ab*bz"', 'false'],
  ['"aXb" like "a**b"', 'true'],
  ['"a*b" like "a\\*b"', 'true'],
  ['"axb" like "a\\*b"', 'false'],
  ['1 like "1"', typeError('string', 'long')],
  ['context.u like "a"', '?'],
])

rows('logic', [
  ['context.yes && context.yes', 'true'],
  ['context.yes && context.no', 'false'],
  ['context.no && context.s', 'false'],
  ['context.no || context.no', 'false'],
  ['context.no || context.yes', 'true'],
  ['context.yes || context.s', 'true'],
  ['context.yes && context.s', typeError('bool', 'string')],
  ['context.s && context.yes', typeError('bool', 'string')],
  ['context.no || context.s', typeError('bool', 'string')],
  ['context.s || context.yes', typeError('bool', 'string')],
  ['context.yes && context.yes && context.yes', 'true'],
  ['context.yes && context.yes && context.no', 'false'],
  ['context.no || context.no || context.yes', 'true'],
  ['context.no || context.no || context.no', 'false'],
  ['context.yes && context.n && context.no', typeError('bool', 'long')],
  ['context.yes && context.yes && context.n', typeError('bool', 'long')],
  ['context.no && context.n && context.no', 'false'],
  ['context.yes && context.u', '?'],
  ['context.u && context.yes', '?'],
  ['context.u && context.no', 'false ?!'],
  ['context.no && context.u', 'false'],
  ['context.u || context.yes', 'true ?!'],
  ['context.yes || context.u', 'true'],
  ['context.u || context.no', '?'],
  ['context.u && context.s', '?'],
  ['context.u && context.nothing', '?'],
  ['context.u && context.nothing && context.no', 'false ?!'],
  ['context.yes && context.u && context.yes', '?'],
  ['context.yes && context.u && context.no', 'false ?!'],
  ['context.no || context.u || context.yes', 'true ?!'],
  ['context.s && context.u', typeError('bool', 'string')],
  ['!context.yes', 'false'],
  ['!context.no', 'true'],
  ['!context.u', '?'],
  ['!context.s', typeError('bool', 'string')],
  ['if context.yes then 1 else context.nothing', '1'],
  ['if context.no then context.nothing else 2', '2'],
  ['if context.u then 1 else 2', '?'],
  ['if context.s then 1 else 2', typeError('bool', 'string')],
])

rows('sets', [
  ['context.set.contains(1)', 'true'],
  ['context.set.contains("1")', 'false'],
  ['context.set.contains(context.u)', '?'],
  ['context.set.contains({a: context.u})', '?'],
  ['context.u.contains(1)', '?'],
  ['context.s.contains(1)', typeError('set', 'string')],
  ['context.set.containsAll([1])', 'true'],
  ['context.set.containsAll([1, 2])', 'false'],
  ['context.set.containsAll([])', 'true'],
  ['context.set.containsAny([1, 2])', 'true'],
  ['context.set.containsAny([2])', 'false'],
  ['context.set.containsAny([])', 'false'],
  ['context.set.containsAll(context.u)', '?'],
  ['context.u.containsAny([1])', '?'],
  ['context.set.containsAll(1)', typeError('set', 'long')],
  ['context.s.containsAny([1])', typeError('set', 'string')],
  ['context.u.containsAny(1)', typeError('set', 'long')],
  ['context.set.isEmpty()', 'false'],
  ['context.none.isEmpty()', 'true'],
  ['context.u.isEmpty()', '?'],
  ['context.s.isEmpty()', typeError('set', 'string')],
  ['[1, context.u]', '?'],
  ['[1, {a: context.u}]', '?'],
  ['[context.n, 1]', '[5, 1]'],
])

rows('attributes and tags', [
  ['context.n', '5'],
  ['context.nothing', 'error: attribute `nothing` does not exist'],
  ['context.rec.x.y', '1'],
  ['context.u.x', '?'],
  ['context.n.x', typeError('record or entity', 'long')],
  ['principal.name', '"Ann"'],
  ['principal.age', 'error: attribute `age` does not exist'],
  ['User::"nobody".name', 'error: entity `User::"nobody"` does not exist'],
  ['context has n', 'true'],
  ['context has nothing', 'false'],
  ['context has rec.x.y', 'true'],
  ['context has rec.x.z', 'false'],
  ['context has rec.z.y', 'false'],
  ['principal has name', 'true'],
  ['principal has age', 'false'],
  ['User::"nobody" has name', 'false'],
  ['context has u', 'true'],
  ['context has u.x', '?'],
  ['context.u has x', '?'],
  ['context.n has x', typeError('record or entity', 'long')],
  ['context has n.x', typeError('record or entity', 'long')],
  ['principal.getTag("team")', '"red"'],
  ['principal.getTag("x")', 'error: `User::"ann"` has no tag `x`'],
  ['User::"bob".getTag("team")', 'error: `User::"bob"` has no tag `team`'],
  ['User::"nobody".getTag("x")', 'error: entity `User::"nobody"` does not exist'],
  ['principal.hasTag("team")', 'true'],
  ['principal.hasTag("x")', 'false'],
  ['User::"bob".hasTag("team")', 'false'],
  ['User::"nobody".hasTag("team")', 'false'],
  ['context.u.hasTag("team")', '?'],
  ['principal.hasTag(context.u)', '?'],
  ['context.n.hasTag("team")', typeError('entity', 'long')],
  ['principal.hasTag(1)', typeError('string', 'long')],
  ['{a: 1, b: context.s}', '{a: 1, b: "text"}'],
  ['{a: context.u, b: 1}.b', '1'],
  ['{a: context.u, b: 1} == {a: 1, b: 1}', '?'],
  ['{a: context.u, b: 1}.a', '?'],
])

test('R-PERF-1: what a policy holds constant is made once, when it is loaded', () => {
  const twice = (text: string): boolean => {
    const evaluate = compileExpression(parsed(text))
    return evaluate(evaluation()) === evaluate(evaluation())
  }
  expect(twice('["a", ip("10.0.0.0/8"), 1]')).toBe(true)
  expect(twice('datetime("2024-01-01")')).toBe(true)
  expect(twice('["a", context.n]')).toBe(false)
  expect(twice('context.day.toDate()')).toBe(false)
  expect(twice('{a: 1}')).toBe(false)
})

test('R-POL-4: a constant that is an error is one when it is evaluated, and only then', () => {
  const evaluate = compileExpression(parsed('[ip("nowhere")]'))
  expect(() => evaluate(evaluation())).toThrow('`nowhere` is not an IP address')
})

test('integers beyond 2^53 keep their value', () => {
  expect(compileExpression({ Value: (2n ** 60n) as never })(evaluation())).toBe(2n ** 60n)
})

rows('variables', [
  ['principal', 'User::"ann"'],
  ['action', 'Action::"view"'],
  ['resource', '?'],
  ['context.yes', 'true'],
])

test.each([
  [{}, 'an expression has not one operator'],
  [{ a: 1, b: 2 }, 'an expression has not one operator'],
  [null, 'an expression has not one operator'],
  [{ sudo: [] }, 'operator `sudo` is not known'],
  [{ Var: 'world' }, 'a variable is not known'],
  [{ '+': { left: { Value: 1 } } }, '`right` is missing'],
  [{ '.': { left: { Var: 'context' }, attr: 1 } }, '`attr` is no string'],
  [{ Set: { Value: 1 } }, 'a list is missing'],
  [{ Record: [] }, 'a record is no object'],
] as const)('R-POL-3: the form %j is refused', (form, expected) => {
  const message = `the JSON form of a policy is malformed: ${expected}`
  expect(() => compileExpression(form)).toThrow(message)
})

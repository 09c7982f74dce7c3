import { describe, expect, test } from 'vitest'
import { callExtension } from './extensions/call-extension.ts'
import {
  CedarRecord,
  CedarSet,
  EMPTY_RECORD,
  EMPTY_SET,
  EntityUid,
  equals,
  isUndetermined,
  RecordShape,
  recordOf,
  sameEntity,
  setOf,
  typeError,
  UNKNOWN,
  type Value,
} from './values.ts'

describe('R-POL-5: values are equal exactly when Cedar says so', () => {
  const set = (...items: Value[]) => new CedarSet(items)
  const record = (name: string, value: Value) => recordOf([[name, value]])
  const nine = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i']
  const ip = (text: string) => callExtension('ip', [text])
  test.each<readonly [Value, Value, boolean]>([
    [set('a,"b'), set('a', '"b'), false],
    [set('a","b'), set('a', 'b'), false],
    [set(set('a'), set()), set(set('a')), false],
    [set('1'), set(1), false],
    [set(true), set('true'), false],
    [set('b', 'a', 'a'), set('a', 'b'), true],
    [set(...nine), set(...nine.toReversed()), true],
    [set(...nine), set(...nine.slice(1)), false],
    [set(new EntityUid('A', 'x')), set(new EntityUid('A', 'x')), true],
    [set(new EntityUid('A', 'x')), set(new EntityUid('B', 'x')), false],
    [set(new EntityUid('A', 'x')), set('A::"x"'), false],
    [set(2n ** 62n), set(2n ** 62n), true],
    [set(2n ** 62n), set(2n ** 62n + 1n), false],
    [set(12, 3), set(1, 23), false],
    [
      recordOf([
        ['a', 1],
        ['b', 2],
      ]),
      recordOf([
        ['b', 2],
        ['a', 1],
      ]),
      true,
    ],
    [record('a', 1), record('b', 1), false],
    [record('a', 1), record('a', 2), false],
    [record('a:1', 1), record('a', 1), false],
    [record('a', 1), EMPTY_RECORD, false],
    [
      recordOf([
        ['a', 1],
        ['b', 23],
      ]),
      recordOf([
        ['a', 12],
        ['b', 3],
      ]),
      false,
    ],
    [new CedarRecord(new RecordShape(['a', 'b']), [1, undefined]), record('a', 1), true],
    [ip('10.0.0.1'), ip('10.0.0.1/32'), true],
    [ip('10.0.0.1'), ip('10.0.0.2'), false],
    [callExtension('datetime', ['1970-01-01']), callExtension('duration', ['0ms']), false],
    [new EntityUid('A', 'x'), new EntityUid('A', 'x'), true],
    [new EntityUid('A', 'x'), new EntityUid('A', 'y'), false],
    [new EntityUid('A', 'x'), set(), false],
    [EMPTY_SET, new EntityUid('A', 'x'), false],
    [EMPTY_SET, EMPTY_RECORD, false],
    [EMPTY_SET, '[]', false],
    ['[]', EMPTY_SET, false],
    ['a', 'a', true],
    ['a', 'b', false],
    [1, 2, false],
    [1, 1n + 2n ** 60n, false],
  ])('row %#', (a, b, expected) => {
    expect(equals(a, b)).toBe(expected)
    expect(set(a).has(b)).toBe(expected)
    expect(set(...nine, a).has(b)).toBe(expected || nine.includes(b as string))
  })

  test('entities by type and id', () => {
    const [a, b, c] = [new EntityUid('T', 'x'), new EntityUid('T', 'x'), new EntityUid('U', 'x')]
    expect([sameEntity(a, a), sameEntity(a, b), sameEntity(a, c)]).toEqual([true, true, false])
    expect(sameEntity(a, new EntityUid('T', 'y'))).toBe(false)
    expect(String(new EntityUid('T', 'a"b'))).toBe('T::"a\\"b"')
  })

  test('what is unknown cannot be compared', () => {
    expect(() => equals(recordOf([['a', UNKNOWN]]), EMPTY_RECORD)).toThrow('an unknown value was compared')
    const partial = new CedarRecord(new RecordShape(['a']), [UNKNOWN], true)
    expect([UNKNOWN, partial, EMPTY_RECORD, 'x'].map(isUndetermined)).toEqual([true, true, false, false])
  })
})

test('R-POL-6: a fact that is no list is an error, never an empty set', () => {
  expect(setOf([])).toBe(EMPTY_SET)
  expect(setOf(['a', 'b']).items).toEqual(['a', 'b'])
  for (const fact of [null, 'a', { length: 0 }, undefined]) {
    expect(() => setOf(fact as never)).toThrow('a fact that should be a list is none')
  }
})

test('a record has what it was made of, and nothing of JavaScript’s', () => {
  const record = recordOf([['a', 1]])
  expect(record.get('a')).toBe(1)
  expect(['b', 'constructor', '__proto__', 'length'].map((name) => record.get(name))).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ])
})

test.each<readonly [Value, string]>([
  [true, 'bool'],
  ['a', 'string'],
  [1, 'long'],
  [2n ** 60n, 'long'],
  [new EntityUid('App::User', 'x'), 'entity of type App::User'],
  [EMPTY_SET, 'set'],
  [EMPTY_RECORD, 'record'],
  [callExtension('decimal', ['1.0']), 'decimal'],
  [UNKNOWN, 'unknown'],
])('R-POL-7: a type error names the type of value %#', (value, name) => {
  expect(typeError('x', value).message).toBe(`type error: expected x, got ${name}`)
})

import { describe, expect, test } from 'vitest'
import type { RemitError } from '../core/errors.ts'
import { gateFrom, parseQuorum, parseSeverity, parseTimeout } from './annotations.ts'
import {
  annotationsOf,
  asList,
  entityFromEst,
  listMember,
  member,
  mentions,
  operatorOf,
  optionalMember,
  textMember,
} from './est.ts'

function refused(read: () => unknown): string {
  try {
    read()
  } catch (error) {
    const { code, message } = error as RemitError
    return code === 'policy_engine_failed'
      ? message.replace('the JSON form of a policy is malformed: ', '')
      : `wrong code ${code}`
  }
  return 'accepted'
}

describe('R-POL-6: the JSON form of a policy is read as it is, or refused', () => {
  test('members', () => {
    expect(member({ a: 1 }, 'a')).toBe(1)
    expect(optionalMember({ a: 1 }, 'a')).toBe(1)
    for (const form of [{}, null, 'a', [1], undefined]) {
      expect(refused(() => member(form, 'length'))).toBe('`length` is missing')
      expect(optionalMember(form as never, 'length')).toBeUndefined()
    }
    expect(refused(() => member({}, 'toString'))).toBe('`toString` is missing')
    expect(optionalMember({}, 'constructor')).toBeUndefined()
    expect(textMember({ a: 'x' }, 'a')).toBe('x')
    expect(refused(() => textMember({ a: 1 }, 'a'))).toBe('`a` is no string')
  })

  test('lists', () => {
    expect(listMember({ a: [1] }, 'a')).toEqual([1])
    expect(refused(() => listMember({ a: { 0: 1, length: 1 } }, 'a'))).toBe('a list is missing')
    expect(refused(() => asList('ab'))).toBe('a list is missing')
  })

  test('operators', () => {
    expect(operatorOf({ '+': 1 })).toEqual(['+', 1])
    for (const form of [{}, { a: 1, b: 2 }, null, 'a', [1]]) {
      expect(refused(() => operatorOf(form))).toBe('an expression has not one operator')
    }
  })

  test('entities', () => {
    const uid = { type: 'A', id: 'x' }
    expect([entityFromEst(uid), entityFromEst({ __entity: uid })].map(String)).toEqual(['A::"x"', 'A::"x"'])
    expect(refused(() => entityFromEst({ type: 'A' }))).toBe('`id` is missing')
  })

  test('annotations', () => {
    expect([...annotationsOf({ annotations: { a: 'x', b: null } })]).toEqual([
      ['a', 'x'],
      ['b', ''],
    ])
    for (const est of [{}, { annotations: null }, { annotations: 'ab' }])
      expect(annotationsOf(est).size).toBe(0)
  })

  test('words that stand anywhere in it', () => {
    const est = { a: [{ b: 'server' }], c: null, d: 1 }
    expect([mentions(est, ['server']), mentions(est, ['b']), mentions(est, ['tool', 1])]).toEqual([
      true,
      false,
      true,
    ])
    expect(mentions({ c: null }, ['x'])).toBe(false)
  })
})

describe('R-POL-4: annotations of gates', () => {
  test.each([
    ['30s', 30],
    ['10m', 600],
    ['2h', 7200],
    ['7d', 604_800],
    ['29s', undefined],
    ['8d', undefined],
    ['604801s', undefined],
    ['0m', undefined],
    ['10', undefined],
    ['m', undefined],
    ['1w', undefined],
    [' 10m', undefined],
    ['10m ', undefined],
    ['1.5h', undefined],
    ['-10m', undefined],
    ['1000000s', undefined],
    ['', undefined],
  ])('a timeout of `%s`', (text, seconds) => {
    expect(parseTimeout(text)).toBe(seconds)
  })

  test('quorum and severity', () => {
    expect(['1', '9', '0', '10', '01', ' 1', '1 ', 'x', ''].map(parseQuorum)).toEqual([
      1,
      9,
      ...Array.from({ length: 7 }, () => undefined),
    ])
    expect(['low', 'medium', 'high', 'High', ''].map(parseSeverity)).toEqual([
      'low',
      'medium',
      'high',
      undefined,
      undefined,
    ])
  })

  test('a gate is what its annotations say, else the ordinary', () => {
    expect(gateFrom(new Map([['reason', 'x']]), 'p')).toBeUndefined()
    expect(gateFrom(new Map([['consent', 'ci']]), 'p')).toMatchObject({
      scope: 'ci',
      quorum: 1,
      severity: 'medium',
      timeout: 3600,
      policy: 'p',
      reason: 'policy `p` asks for consent to `ci`',
    })
    expect(Object.hasOwn(gateFrom(new Map([['consent', 'ci']]), 'p') ?? {}, 'by')).toBe(false)
    const full = {
      consent: 'ci',
      consent_by: 'lead',
      quorum: '2',
      severity: 'high',
      timeout: '2h',
      reason: 'why',
    }
    expect(gateFrom(new Map(Object.entries(full)), 'p')).toMatchObject({
      scope: 'ci',
      by: 'lead',
      quorum: 2,
      severity: 'high',
      timeout: 7200,
      reason: 'why',
    })
  })
})

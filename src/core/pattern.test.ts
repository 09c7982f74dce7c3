import { describe, expect, test } from 'vitest'
import { oracle, textsUpTo } from '../../test/core/pattern-oracle.ts'
import { isSubpattern, matchesEverythingBelow, matchesPattern, overlap } from './pattern.ts'

describe('R-ID-2: scope patterns', () => {
  test.each([
    ['src/**', 'src/a/b', true],
    ['src/**', 'src/', true],
    ['src/**', 'src', false],
    ['src/*', 'src/a/b', false],
    ['src/*', 'src/a', true],
    ['**/x', 'x', true],
    ['**/x', 'a/b/x', true],
    ['**/x', 'ax', false],
    ['a/**/x', 'a/x', true],
    ['a/**/x', 'a/b/x', true],
    ['a/**/x', 'ax', false],
    ['*', '', true],
    ['**', 'any/thing\nat all', true],
    ['fs__read_*', 'fs__read_file', true],
    ['a.c', 'abc', false],
    ['', '', true],
    ['', 'a', false],
  ])('`%s` and `%s`: %s', (pattern, text, expected) => {
    expect(matchesPattern(pattern, text)).toBe(expected)
  })

  test('matching, containing and overlapping agree with regular expressions over short texts', () => {
    const patterns = [
      '',
      'a',
      '/',
      '*',
      '**',
      '**/',
      'a*',
      '*a',
      '**/a',
      'a/**',
      'a**',
      '*/*',
      'a/**/b',
      '/**/',
      'a**/b',
    ]
    const texts = textsUpTo(3).concat('a/b', 'az/b', 'a//b', 'a/z/b', 'a/b/b', '/a/')
    const known = patterns.map((pattern) => {
      const expected = texts.filter((text) => oracle(pattern).test(text))
      expect({ pattern, matched: texts.filter((text) => matchesPattern(pattern, text)) }).toEqual({
        pattern,
        matched: expected,
      })
      return { pattern, matched: expected }
    })
    for (const a of known) {
      for (const b of known) {
        const shared = a.matched.filter((text) => b.matched.includes(text)).length
        expect({
          a: a.pattern,
          b: b.pattern,
          part: isSubpattern(a.pattern, b.pattern),
          common: overlap(a.pattern, b.pattern),
        }).toEqual({ a: a.pattern, b: b.pattern, part: shared === a.matched.length, common: shared > 0 })
      }
    }
  })

  test.each([
    ['src/a', 'src/**', true],
    ['src/*', 'src/**', true],
    ['src/**', 'src/*', false],
    ['**/x', '**', true],
    ['a/**/b', 'a/**', true],
    ['a*', '*', true],
    ['*', 'a*', false],
    ['**/*', '**', true],
    ['**', '**/*', true],
    ['*a*b*', '*b*', true],
    ['*.ts', '*.tsx', false],
  ])('`%s` is part of `%s`: %s', (a, b, expected) => {
    expect(isSubpattern(a, b)).toBe(expected)
  })

  test.each([
    ['src/*', '*/a', true],
    ['src/a', 'src/a', true],
    ['src/a', 'src/b', false],
    ['a*', '*b', true],
    ['a*', 'b*', false],
    ['a/**', '**/b', true],
    ['*', 'a/b', false],
    ['**/x', 'y', false],
    ['', '*', true],
    ['', 'a', false],
  ])('`%s` and `%s` meet: %s', (a, b, expected) => {
    expect(overlap(a, b)).toBe(expected)
    expect(overlap(b, a)).toBe(expected)
  })

  test('a folder is covered only when all below it is', () => {
    expect(matchesEverythingBelow('src/**', 'src/')).toBe(true)
    expect(matchesEverythingBelow('**/*', 'src/')).toBe(true)
    expect(matchesEverythingBelow('src/*', 'src/')).toBe(false)
    expect(matchesEverythingBelow('src/a/**', 'src/')).toBe(false)
    expect(matchesEverythingBelow('**', '')).toBe(true)
    expect(matchesEverythingBelow('**/x', '')).toBe(false)
  })

  test('beyond 50,000 pairs of states nothing counts as a part', () => {
    const text = 'x'.repeat(49_999)
    expect(isSubpattern(text, 'x*')).toBe(true)
    expect(isSubpattern(`${text}x`, 'x*')).toBe(false)
    expect(isSubpattern(`${text}x`, `${text}x`)).toBe(true)
  })
})

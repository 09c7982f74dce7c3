import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isSubpattern, matchesEverythingBelow, matchesPattern, overlap } from './pattern.ts'

/** The same language by another way: a regular expression, safe for the short texts of a test. */
function oracle(pattern: string): RegExp {
  let source = ''
  for (let at = 0; at < pattern.length;) {
    let stars = 0
    while (pattern[at + stars] === '*') stars += 1
    if (stars === 0) {
      source += pattern[at]!.replace(/[.\\/]/, '\\$&')
      at += 1
    } else if (stars > 1 && pattern[at + stars] === '/' && (at === 0 || pattern[at - 1] === '/')) {
      source += '(?:[^]*\\/)?'
      at += stars + 1
    } else {
      source += stars === 1 ? '[^/]*' : '[^]*'
      at += stars
    }
  }
  return new RegExp(`^${source}$`, 'u')
}

const piece = fc.constantFrom('a', 'b', '/', '*', '**', '**/', '/**')
const patterns = fc.array(piece, { maxLength: 4 }).map((pieces) => pieces.join(''))
const texts = fc.array(fc.constantFrom('a', 'b', '/', 'z'), { maxLength: 7 }).map((chars) => chars.join(''))

function textsUpTo(length: number): string[] {
  const all = ['']
  for (let from = 0, round = 0; round < length; round += 1) {
    const to = all.length
    for (; from < to; from += 1) for (const char of 'ab/z') all.push(all[from]! + char)
  }
  return all
}

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

  test('matching agrees with a regular expression', () => {
    fc.assert(
      fc.property(patterns, texts, (pattern, text) => {
        expect(matchesPattern(pattern, text)).toBe(oracle(pattern).test(text))
      }),
      { numRuns: 5000 },
    )
  })

  test('a pattern made to blow up a backtracking matcher costs no more than any other', () => {
    expect(matchesPattern(`${'*a'.repeat(200)}b`, 'a'.repeat(2000))).toBe(false)
  })

  test('isSubpattern and overlap are exact over every short text', () => {
    const all = textsUpTo(7)
    fc.assert(
      fc.property(patterns, patterns, (a, b) => {
        const [inA, inB] = [oracle(a), oracle(b)]
        const matched = all.filter((text) => inA.test(text))
        // Texts of seven characters show every difference and every common text that four pieces can have.
        expect([isSubpattern(a, b), overlap(a, b)]).toEqual([
          matched.every((text) => inB.test(text)),
          matched.some((text) => inB.test(text)),
        ])
      }),
      { numRuns: 400 },
    )
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

  test('a folder is covered only when all below it is', () => {
    expect(matchesEverythingBelow('src/**', 'src/')).toBe(true)
    expect(matchesEverythingBelow('**/*', 'src/')).toBe(true)
    expect(matchesEverythingBelow('src/*', 'src/')).toBe(false)
    expect(matchesEverythingBelow('src/a/**', 'src/')).toBe(false)
    expect(matchesEverythingBelow('**', '')).toBe(true)
    expect(matchesEverythingBelow('**/x', '')).toBe(false)
  })
})

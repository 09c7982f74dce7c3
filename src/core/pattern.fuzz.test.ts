import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { oracle, textsUpTo } from '../../test/core/pattern-oracle.ts'
import { isSubpattern, matchesPattern, overlap } from './pattern.ts'

const piece = fc.constantFrom('a', 'b', '/', '*', '**', '**/', '/**')
const patterns = fc.array(piece, { maxLength: 4 }).map((pieces) => pieces.join(''))
const texts = fc.array(fc.constantFrom('a', 'b', '/', 'z'), { maxLength: 7 }).map((chars) => chars.join(''))

describe('R-ID-2: scope patterns', () => {
  test('matching agrees with a regular expression', () => {
    fc.assert(
      fc.property(patterns, texts, (pattern, text) => {
        expect(matchesPattern(pattern, text)).toBe(oracle(pattern).test(text))
      }),
      { numRuns: 5000 },
    )
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

  test('every pattern of up to three pieces is matched, compared and overlapped as a regular expression is', () => {
    const pieces = ['a', '/', '*', '**', '**/']
    const patterns = pieces.flatMap((a) =>
      ['', ...pieces].flatMap((b) => ['', ...pieces].map((c) => a + b + c)),
    )
    const texts = textsUpTo(4)
    const known = [...new Set(patterns)].map((pattern) => {
      const expected = texts.filter((text) => oracle(pattern).test(text))
      expect({ pattern, matched: texts.filter((text) => matchesPattern(pattern, text)) }).toEqual({
        pattern,
        matched: expected,
      })
      return { pattern, matched: new Set(expected) }
    })
    for (const a of known.filter((_, index) => index % 3 === 0)) {
      for (const b of known.filter((_, index) => index % 2 === 0)) {
        const shared = [...a.matched].filter((text) => b.matched.has(text)).length
        const [part, common] = [isSubpattern(a.pattern, b.pattern), overlap(a.pattern, b.pattern)]
        // A short text can show that two patterns differ or meet, never that they do not.
        const [differ, meet] = [shared < a.matched.size, shared > 0]
        expect({ a: a.pattern, b: b.pattern, wrong: (differ && part) || (meet && !common) }).toMatchObject({
          wrong: false,
        })
      }
    }
  })

  test('a pattern made to blow up a backtracking matcher costs no more than any other', () => {
    expect(matchesPattern(`${'*a'.repeat(200)}b`, 'a'.repeat(2000))).toBe(false)
  })
})

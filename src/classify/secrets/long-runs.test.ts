import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { longRuns } from './long-runs.ts'

const piece = fc.oneof(
  fc.constantFrom(' ', '\n', '=', '.', 'é', '"', 'a', '/', '_'),
  fc.integer({ min: 20, max: 50 }).map((length) => 'aZ9+/_-'.repeat(8).slice(0, length)),
)

test('R-IFC-3: every run of 24 characters or more is seen, whole, wherever it stands', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const text = pieces.join('')
      const expected = [...text.matchAll(/[A-Za-z0-9+/_-]{24,}/g)]
      expect(longRuns(text)).toEqual(
        expected.map(({ 0: run, index }) => ({ start: index, end: index + run.length })),
      )
    }),
  )
})

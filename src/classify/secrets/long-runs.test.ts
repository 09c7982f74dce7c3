import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { BASE64_RUN, HEX_RUN, longRuns } from './long-runs.ts'

const piece = fc.oneof(
  fc.constantFrom(' ', '\n', '=', '.', 'é', '"', 'a', '/', '_'),
  fc.integer({ min: 20, max: 50 }).map((length) => 'aZ9+/_-'.repeat(8).slice(0, length)),
  fc.integer({ min: 28, max: 70 }).map((length) => '0f9A'.repeat(18).slice(0, length)),
)

test.each([
  ['base64', BASE64_RUN, /[A-Za-z0-9+/_-]{24,}/g],
  ['hexadecimal', HEX_RUN, /[0-9a-f]{32,}/gi],
])('R-IFC-3: every long run of %s is seen, whole, wherever it stands', (_name, form, expression) => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const text = pieces.join('')
      expect(longRuns(text, form)).toEqual(
        [...text.matchAll(expression)].map(({ 0: run, index }) => ({
          start: index,
          end: index + run.length,
        })),
      )
    }),
  )
})

import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { equalSecrets } from './constant-time.ts'

describe('equalSecrets', () => {
  it('R-SEC-1: is equality, whatever the lengths and kinds', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        expect(equalSecrets(a, b)).toBe(a === b)
        expect(equalSecrets(a, new TextEncoder().encode(a))).toBe(true)
        expect(equalSecrets(a, `${a}x`)).toBe(false)
      }),
    )
  })
})

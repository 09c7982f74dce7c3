import { expect, test } from 'vitest'
import { packCompiler } from '../policy/compiled.ts'
import { childrenAreWithinParents } from '../suites/delegation-properties.ts'

test('R-ID-3: what a child is allowed, its parent is, in 10⁵ generated chains', () => {
  expect(childrenAreWithinParents(packCompiler()(), 100_000)).toBeGreaterThan(1_000)
})

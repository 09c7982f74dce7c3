import { expect, test } from 'vitest'
import { packCompiler } from '../policy/compiled.ts'
import { childrenAreWithinParents } from '../suites/delegation-properties.ts'
import { sequencesStayWithin } from '../suites/delegation-sequences.ts'
import { useGate } from '../support/gate-harness.ts'

const h = useGate()

test('R-ID-3: what a child is allowed, its parent is, in 10⁵ generated chains', () => {
  expect(childrenAreWithinParents(packCompiler()(), 100_000)).toBeGreaterThan(1_000)
})

test('R-ID-3: no sequence widens authority or outlives its parent, in 10⁵ of them', async () => {
  const seen = await sequencesStayWithin(h(), 100_000)
  console.log('tokens at the ends of 10⁵ sequences', seen)
  expect(seen.good).toBeGreaterThan(10_000)
  expect(seen.refused).toBeGreaterThan(10_000)
}, 1_800_000)

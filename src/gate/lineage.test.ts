import { expect, test } from 'vitest'
import { sequencesStayWithin } from '../../test/suites/delegation-sequences.ts'
import { useGate } from '../../test/support/gate-harness.ts'

const h = useGate()

/** 10⁵ of them: test/full/delegation.test.ts. */
test('R-ID-3: no sequence of exchange, renew, refresh, delegate, revoke and complete widens authority or outlives its parent', async () => {
  const { good, refused } = await sequencesStayWithin(h(), 300)
  expect(good).toBeGreaterThan(50)
  expect(refused).toBeGreaterThan(50)
})

import { expect, it } from 'vitest'

import { crashLedger } from './crash-ledger.ts'

it('R-REL-1: killed at any moment the ledger keeps all that was acknowledged, whole, and starts without help', async () => {
  const { acknowledged } = await crashLedger(10)
  expect(acknowledged).toBeGreaterThan(100)
}, 240_000)

import { expect, it } from 'vitest'

import { crashLedger } from '../crash/crash-ledger.ts'

it('R-REL-1: killed 200 times the ledger keeps all that was acknowledged', async () => {
  const { acknowledged } = await crashLedger(200)
  expect(acknowledged).toBeGreaterThan(2000)
}, 1_800_000)

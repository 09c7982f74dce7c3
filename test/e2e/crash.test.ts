import { expect, test } from 'vitest'
import { crashUnderLoad, NOTHING_FOUND } from '../suites/gateway-crash.ts'

test('R-REL-1: killed 10 times under load, every forwarded call has its decision and no approval ran twice', async () => {
  const findings = await crashUnderLoad(10)
  expect(findings).toMatchObject(NOTHING_FOUND)
  expect(findings.ran).toBeGreaterThan(10)
}, 240_000)

import { expect, test } from 'vitest'
import { crashUnderLoad, NOTHING_FOUND } from '../suites/gateway-crash.ts'

test('R-REL-1: killed 200 times under load, every forwarded call has its decision and no approval ran twice', async () => {
  const findings = await crashUnderLoad(200)
  expect(findings).toMatchObject(NOTHING_FOUND)
  expect(findings.ran).toBeGreaterThan(200)
})

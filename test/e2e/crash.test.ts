import { expect, test } from 'vitest'
import { crashUnderLoad, NOTHING_FOUND } from '../suites/gateway-crash.ts'

// 200 times in `test/full`.
test('R-REL-1: killed 5 times under load, every forwarded call has its decision and no approval ran twice', async () => {
  const findings = await crashUnderLoad(5)
  expect(findings).toMatchObject(NOTHING_FOUND)
  expect(findings.ran).toBeGreaterThan(5)
}, 240_000)

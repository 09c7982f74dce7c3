import { test } from 'vitest'
import { crashUnderLoad } from '../suites/gateway-crash.ts'

test('R-REL-1: killed 200 times under load, every forwarded call has its decision and no approval ran twice', async () => {
  await crashUnderLoad(200)
})

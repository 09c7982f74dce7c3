import { expect, test } from 'vitest'
import { compareWithWasm } from '../policy/differential.ts'

test('R-POL-5: 200,000 random requests over 5,000 policy sets decide as in the wasm engine', () => {
  expect(compareWithWasm(5000, 40).requests).toBeGreaterThanOrEqual(200_000)
}, 3_600_000)

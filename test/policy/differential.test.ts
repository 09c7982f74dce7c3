import { expect, test } from 'vitest'
import { compareWithWasm } from './differential.ts'

// Of 200,000 requests in `test/full`.
test('R-POL-5: random policy sets decide as in the wasm engine, with the same reasons and errors', () => {
  const { requests, outcomes } = compareWithWasm(200, 20)
  expect(requests).toBeGreaterThanOrEqual(4_000)
  // The generator must reach every kind of answer, or agreement would mean little.
  for (const outcome of ['allow', 'deny', 'allow with errors', 'deny with errors']) {
    expect(outcomes[outcome] ?? 0).toBeGreaterThan(20)
  }
}, 480_000)

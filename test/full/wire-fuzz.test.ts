import { expect, test } from 'vitest'
import { fuzzUpstreams } from '../suites/upstream-fuzz.ts'
import { fuzzRun, fuzzWire } from '../suites/wire-fuzz.ts'

test('R-MCP-1: a million mutated requests to both planes crash, hang and leak nothing, and what ran was decided', async () => {
  const { wrong, ...figures } = await fuzzWire(fuzzRun(1_000_000))
  console.log(JSON.stringify(figures, undefined, 2))
  expect(wrong.join('\n')).toBe('')
  expect(figures).toMatchObject({ verify: '0', withoutOutcome: 0 })
  // A tenth of the requests is decided, and what is decided once is not what is kept for ever.
  expect(figures.decisions).toBeGreaterThan(figures.requests / 20)
  const { warm, end } = figures.memory
  expect(end.heapUsed).toBeLessThan(warm.heapUsed * 1.5 + 64 * 2 ** 20)
  expect(end.rss).toBeLessThan(warm.rss * 1.5 + 128 * 2 ** 20)
})

test('R-REL-1: 20,000 answers of servers that are garbled in every way break nothing, and each call has its outcome', async () => {
  const { wrong, ...rest } = await fuzzUpstreams({ seed: fuzzRun(0).seed, count: 20_000 })
  console.log(JSON.stringify(rest))
  expect(wrong.join('\n')).toBe('')
  expect(rest).toMatchObject({ verify: '0', withoutOutcome: 0 })
})

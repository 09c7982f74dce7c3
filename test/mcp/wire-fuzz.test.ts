import { expect, test } from 'vitest'
import { fuzzUpstreams } from '../suites/upstream-fuzz.ts'
import { fuzzRun, fuzzWire } from '../suites/wire-fuzz.ts'

test('R-MCP-1: 1,500 mutated requests to both planes crash, hang and leak nothing, and what ran was decided', async () => {
  const findings = await fuzzWire(fuzzRun(1_500))
  const { wrong, ...figures } = findings
  console.log(JSON.stringify(figures))
  expect(wrong.join('\n')).toBe('')
  expect(findings).toMatchObject({ verify: '0', withoutOutcome: 0 })
  // How many of them reach a server in time is the machine's affair.
  expect(findings.decisions).toBeGreaterThan(100)
  expect(findings.ran).toBeGreaterThan(0)
})

test('R-REL-1: answers of servers that are garbled in every way break nothing, and each call has its outcome', async () => {
  const { wrong, ...rest } = await fuzzUpstreams({ seed: fuzzRun(0).seed, count: 60 })
  expect(wrong.join('\n')).toBe('')
  expect(rest).toMatchObject({ verify: '0', withoutOutcome: 0 })
  expect(rest.allowed).toBeGreaterThan(50)
})

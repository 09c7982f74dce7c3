import { expect, test } from 'vitest'
import { fuzzRun, fuzzWire } from '../suites/wire-fuzz.ts'

test('R-MCP-1: 3,000 mutated requests to both planes crash, hang and leak nothing, and what ran was decided', async () => {
  const findings = await fuzzWire(fuzzRun(3_000))
  const { wrong, ...figures } = findings
  console.log(JSON.stringify(figures))
  expect(wrong.join('\n')).toBe('')
  expect(findings).toMatchObject({ verify: '0', withoutOutcome: 0 })
  expect(findings.ran).toBeGreaterThan(100)
})

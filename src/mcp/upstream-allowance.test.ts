import { expect, test } from 'vitest'
import { Allowance } from './upstream-allowance.ts'

test('R-MCP-2: a babbling server is listened to at 500 messages a second', () => {
  let now = 0
  const allowance = new Allowance(() => now)
  const before = Array.from({ length: 2_000 }, () => allowance.spend(0))
  expect(before.every((rest) => rest === 0)).toBe(true)
  expect(allowance.spend(0)).toBe(2)
  now += 1_000
  for (let index = 0; index < 498; index += 1) expect(allowance.spend(0)).toBe(0)
})

test('R-MCP-2: large words cost what they weigh', () => {
  const allowance = new Allowance(() => 0)
  expect(allowance.spend(4_096 * 1_000)).toBe(0)
  expect(allowance.spend(4_096 * 1_999)).toBe(2_002)
})

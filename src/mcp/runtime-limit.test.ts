import { expect, test } from 'vitest'
import { RuntimeLimit } from './runtime-limit.ts'

/** How many of these are let through. */
function through(limit: RuntimeLimit, who: string, many: number): number {
  return Array.from({ length: many }, () => {
    try {
      limit.take(who)
      return 1
    } catch {
      return 0
    }
  }).reduce<number>((sum, each) => sum + each, 0)
}

test('R-AGT-1: a task may ask in a burst, and then at a pace; others are not held up by it, nor it by a clock set back', () => {
  let now = 1_000_000
  const limit = new RuntimeLimit({ now: () => now, micros: () => 0 })
  expect(through(limit, 'a', 500)).toBe(201)
  expect(through(limit, 'b', 100)).toBe(100)
  now += 1_000
  expect(through(limit, 'a', 500)).toBe(20)
  now -= 900_000
  expect(through(limit, 'a', 1)).toBe(1)
})

import { expect, test } from 'vitest'
import { PollPace } from './poll-pace.ts'

test('R-ID-4: who asks too soon is told so and has to wait longer from then on, and nobody else', () => {
  let now = 0
  const pace = new PollPace({ now: () => now, micros: () => now * 1000 }, 5_000)
  const at = (time: number, who = 'a'): boolean => {
    now = time
    return pace.tooSoon(who)
  }
  expect([at(0), at(5_000), at(9_000), at(9_001, 'b'), at(9_002)]).toEqual([false, false, false, false, true])
  expect([at(15_000), at(24_500), at(34_500)]).toEqual([true, true, true])
  expect(at(60_000)).toBe(false)
})

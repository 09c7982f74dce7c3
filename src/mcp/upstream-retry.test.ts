import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Retry } from './upstream-retry.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** Of four bytes: the least and the greatest chance that there is. */
const LEAST = new Uint8Array(4)
const GREATEST = new Uint8Array(4).fill(255)

function failing(chance: Uint8Array): {
  retry: Retry
  tries: number[]
  recovered: () => number
  up: () => void
} {
  const tries: number[] = []
  let recovered = 0
  let up = false
  const retry = new Retry({
    attempt: () => {
      tries.push(Math.round(performance.now()))
      if (up) retry.succeeded()
      else retry.failed()
      return Promise.reject(new Error('as it comes'))
    },
    recovered: () => (recovered += 1),
    now: () => performance.now(),
    entropy: { bytes: () => chance },
  })
  return { retry, tries, recovered: () => recovered, up: () => (up = true) }
}

test.each([
  ['as late as can be', LEAST, [1, 3, 7, 15, 31, 63, 127, 255, 511, 811, 1_111]],
  ['as soon as can be', GREATEST, [0.5, 1.5, 3.5, 7.5, 15.5, 31.5, 63.5, 127.5, 255.5, 405.5, 555.5]],
])('R-REL-1: tries are twice as far apart each time, up to 5 min: %s', async (_, chance, seconds) => {
  const { retry, tries } = failing(chance)
  const start = performance.now()
  retry.failed()
  retry.failed()
  expect(retry.rest).toBe((seconds[0] ?? 0) * 1_000)
  await vi.advanceTimersByTimeAsync((seconds.at(-1) ?? 0) * 1_000 + 1)
  expect(tries.map((at) => (at - start) / 1_000)).toEqual(seconds)
  retry.stop()
})

test('R-REL-1: what is wrong for ever is tried 12 times an hour at most, once the delay has grown', async () => {
  const { retry, tries } = failing(LEAST)
  retry.failed()
  await vi.advanceTimersByTimeAsync(3_600_000)
  tries.length = 0
  await vi.advanceTimersByTimeAsync(3_600_000)
  expect(tries.length).toBe(12)
  retry.stop()
})

test('R-REL-1: success ends it, is told once, and makes the next failure the first again', async () => {
  const { retry, tries, recovered, up } = failing(LEAST)
  retry.failed()
  await vi.advanceTimersByTimeAsync(3_000)
  expect(tries.length).toBe(2)
  up()
  await vi.advanceTimersByTimeAsync(4_000)
  expect(recovered()).toBe(1)
  expect(retry.rest).toBeUndefined()
  retry.succeeded()
  expect(recovered()).toBe(1)
  await vi.advanceTimersByTimeAsync(3_600_000)
  expect(tries.length).toBe(3)
  retry.failed()
  expect(retry.rest).toBe(1_000)
  retry.succeeded()
  expect(vi.getTimerCount()).toBe(0)
  retry.failed()
  retry.stop()
  expect(vi.getTimerCount()).toBe(0)
})

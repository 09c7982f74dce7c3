import { expect, test } from 'vitest'
import { churnSessions } from '../support/session-churn.ts'

/** `test/full/session-leaks.test.ts` does it ten thousand times. */
test('R-REL-1: 200 sessions opened and dropped leave no handle, descriptor, process, session or memory behind', async () => {
  const { before, after, heap } = await churnSessions(200, 100)
  expect(after).toEqual(before)
  expect(heap.end).toBeLessThan(heap.warm * 1.2)
}, 120_000)

import { expect, test } from 'vitest'
import { churnSessions } from '../support/session-churn.ts'

test('R-REL-1: 10,000 sessions opened and dropped leave no handle, descriptor, process, session or memory behind', async () => {
  const { before, after, heap } = await churnSessions(10_000, 500, 5_000)
  console.log(`heap after collection: ${String(heap.warm)} bytes warm, ${String(heap.end)} at the end`)
  expect(after).toEqual(before)
  expect(heap.end).toBeLessThan(heap.warm * 1.2)
})

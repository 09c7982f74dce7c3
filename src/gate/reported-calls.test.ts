import { expect, test } from 'vitest'
import type { DecisionId, TaskId } from '../core/ids.ts'
import { ReportedCalls } from './reported-calls.ts'

const TASK = 'tsk_1' as TaskId
const call = (name: string) => ({ decision: name as DecisionId, at: 0 })

test('R-AGT-1: ends are joined with their beginnings, the oldest first', () => {
  const calls = new ReportedCalls()
  calls.add(TASK, 'same', call('first'))
  calls.add(TASK, 'same', call('second'))
  expect(calls.take(TASK, 'other')).toBeUndefined()
  expect(calls.take('tsk_2' as TaskId, 'same')).toBeUndefined()
  expect(calls.take(TASK, 'same')).toEqual(call('first'))
  expect(calls.take(TASK, 'same')).toEqual(call('second'))
  expect(calls.take(TASK, 'same')).toBeUndefined()
})

test('R-REL-1: who never tells an end keeps a bounded number open, and hears which are given up', () => {
  const calls = new ReportedCalls()
  const under = (key: (n: number) => string, count: number) =>
    Array.from({ length: count }, (_, n) => calls.add(TASK, key(n), call(`dec_${n}`))).flat()
  expect(under(() => 'one', 150).map(({ decision }) => decision)).toEqual(
    Array.from({ length: 50 }, (_, n) => `dec_${n}`),
  )
  expect(under((n) => `key ${n}`, 1_000)).toHaveLength(100)
  expect(calls.drain()).toHaveLength(1_000)
})

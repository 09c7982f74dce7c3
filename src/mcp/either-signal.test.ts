import { expect, test } from 'vitest'
import { eitherSignal } from './either-signal.ts'

test.each([0, 1])('R-ID-3: a call ends with the client or with its authority: signal %i', (which) => {
  const both = [new AbortController(), new AbortController()] as const
  const { signal } = eitherSignal(both[0].signal, both[1].signal)
  expect(signal.aborted).toBe(false)
  const heard: unknown[] = []
  signal.addEventListener('abort', () => heard.push(signal.reason))
  both[which]?.abort('first')
  both[1 - which]?.abort('second')
  expect(heard).toEqual(['first'])
})

test('R-ID-3: what was cancelled before it began is cancelled', () => {
  const { signal } = eitherSignal(new AbortController().signal, AbortSignal.abort('gone'))
  expect([signal.aborted, signal.reason]).toEqual([true, 'gone'])
})

test('R-ID-3: what is over hears nothing more', () => {
  const controller = new AbortController()
  const { signal, release } = eitherSignal(controller.signal, new AbortController().signal)
  release()
  controller.abort()
  expect(signal.aborted).toBe(false)
})

import { expect, test } from 'vitest'
import type { ServerKey } from '../core/ids.ts'
import { OpenRequests } from './open-requests.ts'

const A = 'a' as ServerKey
const B = 'b' as ServerKey

test('R-REL-1: a server goes when the requests are over that began before and may reach it, and waits for no others', async () => {
  const open = new OpenRequests()
  await open.ended(A)
  const [forA, forB, unknown] = [open.enter(), open.enter(), open.enter()]
  open.bind(forA, A)
  open.bind(forB, B)
  let ended = false
  const waitForIt = async (): Promise<void> => {
    await open.ended(A)
    ended = true
  }
  const waiting = waitForIt()
  const later = open.enter()
  open.bind(later, A)
  open.leave(forA)
  await Promise.resolve()
  expect(ended).toBe(false)
  open.bind(unknown, B)
  await waiting
  expect(ended).toBe(true)
})

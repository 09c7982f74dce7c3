import { afterEach, expect, test, vi } from 'vitest'
import type { JsonObject } from '../core/json.ts'
import { KeptSubscription } from './upstream-subscription.ts'
import type { UpstreamRequest, UpstreamSession } from './upstream.ts'

afterEach(() => {
  vi.useRealTimers()
})

/** A server that takes a subscription and never says so. */
const silent = {
  request: ({ signal }: { readonly signal: AbortSignal }) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => {
        reject(signal.reason as Error)
      })
    }),
} as unknown as UpstreamSession

const port = { tell: () => {}, again: () => {} }

test('R-MCP-1: who waits for a subscription that is stopped is told so, and of no failure inside the gateway', async () => {
  const subscription = new KeptSubscription(silent, { resourceSubscriptions: ['note://one'] }, port)
  subscription.stop()
  await expect(subscription.acknowledged).rejects.toMatchObject({ code: 'upstream_lost' })
})

test('R-REL-1: a subscription that broke is taken again, and what was missed meanwhile is told', async () => {
  vi.useFakeTimers()
  const ends: (() => void)[] = []
  const server = {
    request: ({ params, onNotification }: UpstreamRequest) => {
      const { notifications = {} } = params
      onNotification?.('notifications/subscriptions/acknowledged', { notifications })
      return new Promise((resolve) => ends.push(() => resolve({})))
    },
  } as unknown as UpstreamSession
  const again: JsonObject[] = []
  const filter = { toolsListChanged: true }
  const subscription = new KeptSubscription(server, filter, {
    ...port,
    again: (honoured) => again.push(honoured),
  })
  await subscription.acknowledged
  expect(again).toEqual([])
  ends[0]?.()
  await vi.advanceTimersByTimeAsync(1_000)
  expect(again).toEqual([filter])
  subscription.stop()
})

import { expect, test } from 'vitest'
import { KeptSubscription } from './upstream-subscription.ts'
import type { UpstreamSession } from './upstream.ts'

/** A server that takes a subscription and never says so. */
const silent = {
  request: ({ signal }: { readonly signal: AbortSignal }) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => {
        reject(signal.reason as Error)
      })
    }),
} as unknown as UpstreamSession

test('R-MCP-1: who waits for a subscription that is stopped is told so, and of no failure inside the gateway', async () => {
  const subscription = new KeptSubscription(silent, { resourceSubscriptions: ['note://one'] }, () => {})
  subscription.stop()
  await expect(subscription.acknowledged).rejects.toMatchObject({ code: 'upstream_lost' })
})

import { setTimeout as sleep } from 'node:timers/promises'
import type { WatchAnswer } from '../api/contract.ts'
import type { Approval } from '../core/approval.ts'
import type { AdminClient } from './admin-client.ts'

/** Between two questions when the gateway had nothing to wait for, in ms. */
const PAUSE = 1_000

/** What waits or has changed; `whole` = all that waits. */
type Heard = (approvals: readonly Approval[], whole: boolean) => void

/** Asks for changes until the signal aborts. */
export async function followApprovals(
  client: AdminClient,
  stopped: AbortSignal,
  heard: Heard,
): Promise<void> {
  let since = 0
  while (!stopped.aborted) {
    const answer = await client.get<WatchAnswer>('/approvals/watch', { since, timeout: 25_000 })
    heard(answer.approvals, answer.whole)
    if (answer.cursor === since) await sleep(PAUSE, undefined, { signal: stopped })
    since = answer.cursor
  }
}

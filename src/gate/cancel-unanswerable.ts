import { cancel } from '../approvals/machine.ts'
import type { Approval } from '../core/approval.ts'
import { loadChain } from '../identity/task-chain.ts'
import { approvalRecord } from './approval-records.ts'
import { whyNobodyCan } from './find-approvers.ts'
import type { GateDeps } from './gate-deps.ts'
import { readWaiting } from './read-waiting.ts'

/** Looked at when people or policies change; each of the rest when its call is made again. */
const MOST = 10_000

/** Ends requests that nobody can grant any more, so that those who wait are told why. Answers with how many there were. */
export async function cancelUnanswerable(deps: GateDeps): Promise<number> {
  const { approvals, settings } = deps
  let count = 0
  const keys = await approvals.waiting(settings.tenant, MOST)
  for await (const page of readWaiting(approvals, settings.tenant, keys)) {
    for (const approval of page) {
      // What people asked for themselves is theirs to take back.
      if (approval.state !== 'pending' || approval.root === undefined) continue
      if (await cancelOne(deps, approval)) count += 1
    }
  }
  return count
}

async function cancelOne(deps: GateDeps, from: Approval): Promise<boolean> {
  const chain = await loadChain(deps.tasks, from.tenant, from.task)
  if (chain === undefined) return false
  const why = whyNobodyCan(deps, { approval: from, chain, policies: deps.policies.current() })
  if (why === undefined) return false
  const to = cancel(from, why)
  const step = {
    kind: 'approval.cancelled',
    approval: to,
    chain,
    now: deps.clock.now(),
    comment: why,
  } as const
  const outcome = await deps.journal.commit({
    records: [approvalRecord(deps, step)],
    changes: [
      {
        kind: 'update-approval',
        from: { id: from.id, state: from.state, votes: from.votes.length },
        approval: to,
      },
    ],
  })
  if (outcome === 'committed') deps.events.approvalChanged(to)
  return outcome === 'committed'
}

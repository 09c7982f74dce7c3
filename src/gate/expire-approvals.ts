import { expireIfDue } from '../approvals/machine.ts'
import type { Approval } from '../core/approval.ts'
import { loadChain } from '../identity/task-chain.ts'
import { approvalRecord } from './approval-records.ts'
import type { GateDeps } from './gate-deps.ts'

/** Looked at in one sweep; the rest has its turn in the next. */
const MOST = 1_000

/**
 * Ends requests and grants whose time is over, so that those who wait are told and the record says so, also when
 * nobody asks again. Answers with how many there were.
 */
export async function expireApprovals(deps: GateDeps): Promise<number> {
  const now = deps.clock.now()
  let count = 0
  for (const approval of await deps.approvals.due(deps.settings.tenant, now, MOST)) {
    const ended = expireIfDue(approval, now)
    if (ended.state === 'expired' && (await expire(deps, approval, ended))) count += 1
  }
  return count
}

/** False when it was decided or used in the meantime. */
async function expire(deps: GateDeps, from: Approval, to: Approval): Promise<boolean> {
  const chain = await loadChain(deps.tasks, to.tenant, to.task)
  const outcome = await deps.journal.commit({
    records: [approvalRecord(deps, { kind: 'approval.expired', approval: to, chain, now: deps.clock.now() })],
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

import type { Approval } from '../core/approval.ts'
import { RemitError } from '../core/errors.ts'
import type { ApprovalId } from '../core/ids.ts'
import type { Caller } from './gate.ts'
import type { GateDeps } from './gate-deps.ts'

/** Another replica may have decided: the store is asked at least this often while waiting. */
const POLL_MS = 1_000

/** @throws RemitError `approval_unknown` also for an approval of another task: its existence is not told. */
export async function awaitApproval(
  deps: GateDeps,
  caller: Caller,
  id: ApprovalId,
  wait: { readonly timeout: number; readonly signal: AbortSignal },
): Promise<Approval> {
  const { task } = caller.chain
  const deadline = deps.clock.now() + wait.timeout
  for (;;) {
    const remaining = deadline - deps.clock.now()
    const changed = deps.events.nextChange(id, {
      timeout: Math.max(0, Math.min(POLL_MS, remaining)),
      signal: wait.signal,
    })
    const approval = await deps.approvals.get(task.tenant, id)
    if (approval === undefined || approval.task !== task.id) {
      throw new RemitError('approval_unknown', `there is no approval \`${id}\` in this task`)
    }
    if (approval.state !== 'pending' || remaining <= 0 || wait.signal.aborted) return approval
    await changed
  }
}

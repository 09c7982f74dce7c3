import type { ApprovalStore, WaitingKey } from '../approvals/approval-store.ts'
import type { Approval } from '../core/approval.ts'
import type { TenantId } from '../core/ids.ts'

/** Requests read at once: calls of agents have their turn in between. */
const PAGE = 100

/** The requests of these keys, in their order and in pages, whatever became of them meanwhile. */
export async function* readWaiting(
  approvals: Pick<ApprovalStore, 'some'>,
  tenant: TenantId,
  keys: readonly Pick<WaitingKey, 'id'>[],
): AsyncGenerator<readonly Approval[]> {
  for (let at = 0; at < keys.length; at += PAGE) {
    yield await approvals.some(
      tenant,
      keys.slice(at, at + PAGE).map(({ id }) => id),
    )
    await new Promise((resolve) => {
      setImmediate(resolve)
    })
  }
}

import type { Approval, ApprovalState } from '../core/approval.ts'
import type { ApprovalId, Digest, TaskId, TenantId } from '../core/ids.ts'

/** Reading approvals. Writing goes through the journal, by compare and set. */
export interface ApprovalStore {
  get(tenant: TenantId, id: ApprovalId): Promise<Approval | undefined>
  /** The newest approval of this task for exactly this call, whatever its state. */
  findByCall(tenant: TenantId, task: TaskId, call: Digest): Promise<Approval | undefined>
  /** Newest first. */
  list(
    tenant: TenantId,
    filter: { readonly state?: ApprovalState; readonly limit: number },
  ): Promise<readonly Approval[]>
}

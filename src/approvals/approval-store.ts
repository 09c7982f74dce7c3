import type { Approval, ApprovalState } from '../core/approval.ts'
import type { Asked } from '../core/consent-limits.ts'
import type { ApprovalId, Digest, TaskId, TenantId } from '../core/ids.ts'

/** Reading approvals. Writing goes through the journal, by compare and set. */
export interface ApprovalStore {
  get(tenant: TenantId, id: ApprovalId): Promise<Approval | undefined>
  /** The newest approval of this task for exactly this call, whatever its state. */
  findByCall(tenant: TenantId, task: TaskId, call: Digest): Promise<Approval | undefined>
  /** What all requests of this tree of tasks add up to at this moment. */
  asked(tenant: TenantId, root: TaskId, now: number): Promise<Asked>
  /** What people refused this tree of tasks, newest first. */
  refused(tenant: TenantId, root: TaskId, limit: number): Promise<readonly Approval[]>
  /**
   * Newest first. Where there are more that are pending than asked for, every tree of tasks has its newest before any
   * has its second, so that none of them pushes those of another out of the list.
   */
  list(
    tenant: TenantId,
    filter: { readonly state?: ApprovalState; readonly limit: number },
  ): Promise<readonly Approval[]>
}

import type { Approval, ApprovalState } from '../core/approval.ts'
import type { Asked } from '../core/consent-limits.ts'
import type { ApprovalId, Digest, TaskId, TenantId } from '../core/ids.ts'

/** Enough of a request that waits to put it in its place, without reading all of it. */
export interface WaitingKey {
  readonly id: ApprovalId
  readonly task: TaskId
  /** How many votes it has: it changed when they did. */
  readonly votes: number
}

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
  /**
   * All that is pending, in the order in which people should look: the gravest first, then what waits longest. Of more
   * than `limit` those that `list` would have.
   */
  waiting(tenant: TenantId, limit: number): Promise<readonly WaitingKey[]>
  /** Those of these ids that there are, in the order of `ids`; a few hundred at a time. */
  some(tenant: TenantId, ids: readonly ApprovalId[]): Promise<readonly Approval[]>
  /** Pending and granted ones whose time was over at `now`, those first that ran out first. */
  due(tenant: TenantId, now: number, limit: number): Promise<readonly Approval[]>
  /** Those that were asked for from `from` until before `until`, milliseconds since the epoch; newest first. */
  made(
    tenant: TenantId,
    within: { readonly from: number; readonly until: number; readonly limit: number },
  ): Promise<readonly Approval[]>
}

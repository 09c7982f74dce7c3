import type { Grant } from '../core/grant.ts'
import type { Digest, GrantId, TaskId, TenantId } from '../core/ids.ts'

/** Reading grants. Writing goes through the journal. */
export interface GrantStore {
  get(tenant: TenantId, id: GrantId): Promise<Grant | undefined>
  /** The grant of this task for exactly this work that nobody revoked; it may have expired. */
  findCovering(tenant: TenantId, task: TaskId, covers: Digest): Promise<Grant | undefined>
  /** Newest first. */
  list(
    tenant: TenantId,
    filter: { readonly task?: TaskId; readonly limit: number },
  ): Promise<readonly Grant[]>
}

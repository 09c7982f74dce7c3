import type { TaskId, TenantId } from '../core/ids.ts'
import type { Task } from '../core/identity.ts'
import type { SessionFacts } from '../core/facts.ts'

/**
 * Reading tasks, as of the last acknowledged unit or later. Writing goes through the journal, so that no task
 * changes without a record. What a call needs is answered at once where it can be.
 */
export interface TaskStore {
  get(tenant: TenantId, id: TaskId): Task | undefined | Promise<Task | undefined>
  /** Newest first. */
  list(tenant: TenantId, limit: number): Promise<readonly Task[]>
  /** Facts of the tree below this root, as of the last committed unit. */
  facts(tenant: TenantId, root: TaskId): SessionFacts | Promise<SessionFacts>
}

import type { HumanId, TaskId, TenantId } from '../core/ids.ts'
import type { Task } from '../core/identity.ts'
import type { SessionFacts } from '../core/facts.ts'
import type { Tally } from '../core/loop.ts'
import type { Standing } from '../core/standing.ts'

/**
 * Reading tasks, as of the last acknowledged unit or later. Writing goes through the journal, so that no task
 * changes without a record. What a call needs is answered at once where it can be.
 */
export interface TaskStore {
  get(tenant: TenantId, id: TaskId): Task | undefined | Promise<Task | undefined>
  /** Newest first. @param human whose alone; absent = everybody's. */
  list(tenant: TenantId, limit: number, human?: HumanId): Promise<readonly Task[]>
  /** Tasks that were delegated from this one, oldest first. */
  children(tenant: TenantId, parent: TaskId): Promise<readonly Task[]>
  /** Facts of the tree below this root, as of the last committed unit. */
  facts(tenant: TenantId, root: TaskId): SessionFacts | Promise<SessionFacts>
  /** How often these things happened in the tree below this root, in the order asked; absent = never. */
  tallies(
    tenant: TenantId,
    root: TaskId,
    what: readonly string[],
  ): readonly (Tally | undefined)[] | Promise<readonly (Tally | undefined)[]>
  /**
   * What is stopped. Ask before reading the tasks that are judged by it: whatever ends authority after this answer has a
   * later revision, and is noticed when the decision is recorded.
   */
  standing(tenant: TenantId): Standing | Promise<Standing>
}

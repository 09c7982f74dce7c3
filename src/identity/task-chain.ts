import type { TaskId, TenantId } from '../core/ids.ts'
import type { Task, TaskChain } from '../core/identity.ts'
import type { TaskStore } from './task-store.ts'

/** Most ancestors that a task may have. */
const MAX_DEPTH = 8

/**
 * A task with all its ancestors, nearest first. `undefined` when the task is not there, and also when the chain
 * is broken, goes round, or is deeper than `MAX_DEPTH`: authority that cannot be traced to its root is none.
 */
export async function loadChain(
  store: Pick<TaskStore, 'get'>,
  tenant: TenantId,
  id: TaskId,
): Promise<TaskChain | undefined> {
  // Waiting for what is already there would cost a turn on every call.
  const found = store.get(tenant, id)
  const task = found instanceof Promise ? await found : found
  if (task === undefined) return undefined
  const ancestors: Task[] = []
  const seen = new Set([task.id])
  for (let child = task; child.parent !== undefined;) {
    if (ancestors.length >= MAX_DEPTH || seen.has(child.parent)) return undefined
    const parent = await store.get(tenant, child.parent)
    if (parent === undefined || parent.human !== task.human) return undefined
    seen.add(parent.id)
    ancestors.push(parent)
    child = parent
  }
  return { task, ancestors }
}

import type { TaskId } from '../core/ids.ts'
import type { Task } from '../core/identity.ts'
import type { Actor, TaskBranch } from './administration.ts'
import type { AdministrationDeps } from './administration-deps.ts'
import { chainInReach } from './manage-tasks.ts'

/** Tasks that are shown of a tree. */
const MOST = 1_000

/** The whole tree that a task is in, from its root. */
export async function taskTree(deps: AdministrationDeps, actor: Actor, id: TaskId): Promise<TaskBranch> {
  const { task, ancestors } = await chainInReach(deps, actor, id)
  const left = { tasks: MOST }
  return branch(deps, ancestors.at(-1) ?? task, left)
}

async function branch(deps: AdministrationDeps, task: Task, left: { tasks: number }): Promise<TaskBranch> {
  left.tasks -= 1
  const children: TaskBranch[] = []
  for (const child of await deps.tasks.children(task.tenant, task.id)) {
    if (left.tasks <= 0) break
    children.push(await branch(deps, child, left))
  }
  return { task, used: await deps.tasks.facts(task.tenant, task.id), children }
}

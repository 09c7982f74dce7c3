import { ASKING_WINDOW } from '../core/consent-limits.ts'
import type { TaskId } from '../core/ids.ts'
import { taskState, type Task } from '../core/identity.ts'
import { loadChain } from '../identity/task-chain.ts'
import type { Actor, TaskFlag } from './administration.ts'
import type { AdministrationDeps } from './administration-deps.ts'
import { reachesTask } from './reach.ts'
import { rootOf } from './gather-facts.ts'

/** Under which the calls are counted that were denied since their tree of tasks asks too much. */
export const FLOOD_TALLY = 'consent-flood'
/** Records looked at for trees that were flagged. */
const MOST = 100

/** The hour of this moment: counts start anew with the next one. */
export function floodMark(now: number): number {
  return Math.floor(now / ASKING_WINDOW)
}

/** The flag of the tree that a task is in; undefined = it has none. */
export async function flagOf(deps: AdministrationDeps, task: Task): Promise<TaskFlag | undefined> {
  const chain = await loadChain(deps.tasks, task.tenant, task.id)
  const root = chain === undefined ? task : rootOf(chain)
  const [tally] = await deps.tasks.tallies(root.tenant, root.id, [FLOOD_TALLY])
  if (tally === undefined) return undefined
  return {
    task: root.id,
    human: root.human,
    workflow: root.workflow,
    why: 'consent-flood',
    hour: tally.mark * ASKING_WINDOW,
    denied: tally.count,
  }
}

/** Trees of tasks that ask too much and may go on, latest first. */
export async function listFlags(deps: AdministrationDeps, actor: Actor): Promise<readonly TaskFlag[]> {
  const { tenant } = deps.settings
  const records = await deps.records.query({ tenant, kind: 'task.flagged', limit: MOST })
  const ids = [...new Set(records.map(({ envelope }) => envelope.id as TaskId))]
  const flags: TaskFlag[] = []
  for (const id of ids) {
    const task = await deps.tasks.get(tenant, id)
    if (task === undefined || !reachesTask(actor, { task: id, human: task.human })) continue
    if (taskState(task, deps.clock.now()) !== 'active') continue
    const flag = await flagOf(deps, task)
    if (flag !== undefined) flags.push(flag)
  }
  return flags
}

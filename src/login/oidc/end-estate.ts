import type { Change } from '../../core/change.ts'
import type { HumanId, TaskId } from '../../core/ids.ts'
import { taskState } from '../../core/identity.ts'
import type { NewRecord } from '../../core/record.ts'
import { coverRecord } from '../../gate/covers/cover-record.ts'
import { coversWith, removeCover } from '../../gate/covers/known-covers.ts'
import { taskRecord } from '../../gate/task-records.ts'
import type { LoginDeps } from '../login-deps.ts'

const ALL = 1_000_000

/** What ends what lies under a name and could act: whoever has the name next is somebody else. */
export interface EndedEstate {
  /** Root tasks that were active; with them ends everything below. */
  readonly tasks: readonly TaskId[]
  readonly records: readonly NewRecord[]
  readonly changes: readonly Change[]
}

/** @param by who does it. */
export async function endEstate(
  deps: LoginDeps,
  human: HumanId,
  { by, reason }: { readonly by: HumanId; readonly reason: string },
): Promise<EndedEstate> {
  const { tenant, clock, entropy } = deps
  const settings = { tenant, protection: deps.protection }
  const at = clock.now()
  // Newest first, past ones too: an old one that lives on must not hide behind newer ones.
  const all = await deps.tasks.list(tenant, ALL, human)
  const tasks = all.filter((task) => task.parent === undefined && taskState(task, at) === 'active')
  const covers = await coversWith(deps, human)
  return {
    tasks: tasks.map(({ id }) => id),
    records: [
      ...tasks.map((task) => {
        const step = { kind: 'task.revoked', actor: by, credential: 'approver', comment: reason } as const
        return taskRecord({ settings, clock }, { task, ancestors: [] }, step)
      }),
      ...covers.map((cover) => coverRecord({ settings, clock, entropy }, by, cover, { kind: 'cover.ended' })),
    ],
    changes: [
      ...tasks.map(({ id: task }): Change => ({ kind: 'revoke-task', tenant, task, at, by, reason })),
      ...covers.flatMap(removeCover),
    ],
  }
}

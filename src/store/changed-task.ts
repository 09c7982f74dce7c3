import type { Change } from '../core/change.ts'
import type { Task } from '../core/identity.ts'

export type TaskChange = Extract<
  Change,
  { kind: 'revoke-task' | 'complete-task' | 'renew-task' | 'hold-task' }
>

/** The task after a change, itself where there is nothing left to change; undefined = conflict. */
export function changedTask(task: Task, change: TaskChange): Task | undefined {
  const ended = task.revoked !== undefined || task.completed !== undefined
  switch (change.kind) {
    case 'revoke-task': {
      const { at, by, reason } = change
      return task.revoked === undefined ? { ...task, revoked: { at, by, reason } } : task
    }
    case 'complete-task': {
      return ended ? task : { ...task, completed: { at: change.at, by: change.by } }
    }
    case 'renew-task': {
      return ended || task.expires !== change.from ? undefined : { ...task, expires: change.expires }
    }
    case 'hold-task': {
      if (ended || task.holder !== change.from) return undefined
      const { holder: _, ...rest } = task
      return change.holder === undefined ? rest : { ...rest, holder: change.holder }
    }
    default:
      return change satisfies never
  }
}

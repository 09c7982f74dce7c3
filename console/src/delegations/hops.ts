import type { TaskTreeAnswer } from '../../../src/api/contract.ts'
import { type Task, type TaskState, taskState } from '../../../src/core/identity.ts'
import { narrowedDimensions, narrowedWords, scopeWords } from '../../../src/core/scope-words.ts'

/** One delegation: from a human or a task to the task that came of it. */
export interface Hop {
  readonly task: Task
  /** The human, or the agent of the task above. */
  readonly from: string
  readonly state: TaskState
  /** A task above is no longer active, and with it neither is this one. */
  readonly halted: boolean
  /** What of the scope was given on. */
  readonly scope: string
  /** The same in few words, for where there is little room. */
  readonly brief: string
  readonly below: readonly Hop[]
}

export function hopsOf(
  { task, children }: TaskTreeAnswer['tree'],
  now: number,
  above?: { readonly task: Task; readonly stopped: boolean },
): Hop {
  const state = taskState(task, now)
  const halted = above?.stopped === true
  return {
    task,
    from: above?.task.agent.id ?? task.human,
    state,
    halted: halted && state === 'active',
    scope: above === undefined ? scopeWords(task.scope) : narrowedWords(task.scope, above.task.scope),
    brief: briefly(task, above?.task),
    below: children.map((child) => hopsOf(child, now, { task, stopped: halted || state !== 'active' })),
  }
}

function briefly(task: Task, above: Task | undefined): string {
  const dimensions = narrowedDimensions(task.scope, above?.scope ?? {})
  if (dimensions.length === 0) return above === undefined ? 'whatever policy allows' : 'the same scope'
  return `${above === undefined ? 'limited' : 'less'}: ${dimensions.join(', ')}`
}

export function countHops(hop: Hop): number {
  return 1 + hop.below.reduce((sum, each) => sum + countHops(each), 0)
}

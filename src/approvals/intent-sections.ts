import type { Task, TaskChain, TaskOrigin } from '../core/identity.ts'
import { foldText, visibleText } from '../core/visible-text.ts'

type Section = readonly [title: string, lines: readonly string[]]

const AUTHORS: Readonly<Record<TaskOrigin, string>> = {
  'human-session': 'written by the human who delegated',
  workload: 'given by the workload that started the task',
  'stored-credential': 'given with the credential stored on the machine, perhaps not by a human',
  'parent-task': 'the delegating agent’s own claim',
  evaluation: 'given by an evaluation',
}

/**
 * What the task is for. What the delegating human wrote comes first; whatever others wrote is a claim, and comes after what
 * would happen: an agent that delegates cannot speak for its human.
 */
export function intentSections({ task, ancestors }: TaskChain): {
  readonly human: readonly Section[]
  readonly claimed: readonly Section[]
} {
  const root = ancestors.at(-1) ?? task
  const section: Section = [`Intent (${AUTHORS[root.origin]})`, [quoted(root)]]
  const known = root.origin === 'human-session'
  return { human: known ? [section] : [], claimed: [...(known ? [] : [section]), ...below(task, ancestors)] }
}

/** What each task below the root was asked to do, from the root down. */
function below(task: Task, ancestors: readonly Task[]): readonly Section[] {
  if (ancestors.length === 0) return []
  const tasks = ancestors.slice(0, -1).toReversed().concat(task)
  const lines = tasks.map((each) => `task ${visibleText(each.id)}: ${quoted(each)}`)
  return [['What agents asked of each other, from the root down (a claim of agents)', lines]]
}

function quoted({ intent }: Task): string {
  return `"${visibleText(foldText(intent, 1500, 500))}"`
}

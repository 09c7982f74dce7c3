import type { TaskTreeAnswer } from '../../../src/api/contract.ts'

/** Ids of a task and of all below it. */
export function tasksIn({ task, children }: TaskTreeAnswer['tree']): ReadonlySet<string> {
  return new Set([task.id, ...children.flatMap((child) => [...tasksIn(child)])])
}

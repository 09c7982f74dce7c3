import type { Task, TaskChain } from '../../core/identity.ts'

/** Whose connection it is: sub-agents act over that of a task above them, and the hooks are heard for that one. */
export function connectedTask({ task, ancestors }: TaskChain): Task {
  return [task, ...ancestors].find(({ subAgent }) => subAgent === undefined) ?? task
}

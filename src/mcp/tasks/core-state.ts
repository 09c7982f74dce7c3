import type { ShownTask } from './open-task.ts'

/** 2025-11-25: a tool result with `isError` is a task that failed. */
export function coreState({ state, result }: ShownTask): ShownTask['state'] {
  return result?.['isError'] === true ? { ...state, status: 'failed' } : state
}

import type { JsonObject } from '../../core/json.ts'
import type { OpenTask, ShownTask } from './open-task.ts'
import { modernTask } from './task-shape.ts'

/** `DetailedTask` of the extension: the answer to `tasks/get`, and what `notifications/tasks` tells. */
export function detailedTask(task: OpenTask, { state, ...more }: ShownTask): JsonObject {
  const asks = more.inputRequests !== undefined
  return { ...modernTask(task.id, asks ? { ...state, status: 'input_required' } : state), ...more }
}

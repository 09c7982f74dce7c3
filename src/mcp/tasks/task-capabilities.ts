import { isJsonObject, type JsonObject } from '../../core/json.ts'
import { TASKS_EXTENSION } from './task-shape.ts'

/** Capabilities of a client that takes a task for an answer, for a server of 2026-07-28. */
export function withTasks(capabilities: JsonObject): JsonObject {
  const { extensions } = capabilities
  return {
    ...capabilities,
    extensions: { ...(isJsonObject(extensions) ? extensions : {}), [TASKS_EXTENSION]: {} },
  }
}

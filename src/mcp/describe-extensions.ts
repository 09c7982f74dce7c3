import type { JsonObject } from '../core/json.ts'
import type { ClientClaim } from './client-claim.ts'
import { extensionOf, UI_EXTENSION } from './extensions.ts'
import { declaresTasks, tasksOf } from './tasks/task-plan.ts'
import { TASKS_EXTENSION } from './tasks/task-shape.ts'
import type { UpstreamInfo } from './upstream.ts'

/** Tasks of 2025-11-25 as the gateway runs them, over servers of either era. */
const CORE_TASKS: JsonObject = { list: {}, cancel: {}, requests: { tools: { call: {} } } }

/**
 * Capabilities of extensions, only those that a server behind the endpoint has and the gateway mediates. What a server
 * that did not answer has is not claimed: a client that misses it works without.
 */
export function describeExtensions(
  infos: readonly (UpstreamInfo | undefined)[],
  claim: ClientClaim,
): Record<string, JsonObject> {
  const tasks = infos.some((info) => info !== undefined && tasksOf(info) !== undefined)
  const modern = claim.era === 'modern'
  const extensions: Record<string, JsonObject> = {}
  const ui = settingsOf(infos, UI_EXTENSION)
  if (ui !== undefined) extensions[UI_EXTENSION] = ui
  if (tasks && modern) extensions[TASKS_EXTENSION] = {}
  return {
    ...(Object.keys(extensions).length === 0 ? {} : { extensions }),
    ...(tasks && !modern && declaresTasks(claim) ? { tasks: CORE_TASKS } : {}),
  }
}

/** What the first server that has the extension says of it. */
function settingsOf(infos: readonly (UpstreamInfo | undefined)[], id: string): JsonObject | undefined {
  for (const info of infos) {
    const settings = info === undefined ? undefined : extensionOf(info.capabilities, id)
    if (settings !== undefined) return settings
  }
  return undefined
}

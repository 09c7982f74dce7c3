import type { JsonObject } from '../core/json.ts'
import type { ClientClaim } from './client-claim.ts'
import { extensionOf, SKILLS_EXTENSION, UI_EXTENSION } from './extensions.ts'
import { hasSkills, readsDirectories } from './skills/skills-of.ts'
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
  const skills = skillsOf(infos)
  if (skills !== undefined) extensions[SKILLS_EXTENSION] = skills
  if (tasks && modern) extensions[TASKS_EXTENSION] = {}
  return {
    ...(Object.keys(extensions).length === 0 ? {} : { extensions }),
    ...(tasks && !modern && declaresTasks(claim) ? { tasks: CORE_TASKS } : {}),
  }
}

/** Skills if any server has them, and directories if any server reads them. */
function skillsOf(infos: readonly (UpstreamInfo | undefined)[]): JsonObject | undefined {
  const known = infos.filter((info) => info !== undefined)
  if (!known.some(hasSkills)) return undefined
  return known.some(readsDirectories) ? { directoryRead: true } : {}
}

/** What the first server that has the extension says of it. */
function settingsOf(infos: readonly (UpstreamInfo | undefined)[], id: string): JsonObject | undefined {
  for (const info of infos) {
    const settings = info === undefined ? undefined : extensionOf(info.capabilities, id)
    if (settings !== undefined) return settings
  }
  return undefined
}

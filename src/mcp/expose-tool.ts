import { isJsonObject, type Json, type JsonObject } from '../core/json.ts'
import type { ClientClaim } from './client-claim.ts'
import type { CatalogueTool } from './describe-tool.ts'
import type { Naming } from './names.ts'
import { declaresTasks, supportOf } from './tasks/task-plan.ts'

/** A tool as one client sees it at one endpoint. */
export interface ToolView {
  readonly naming: Naming
  readonly claim: ClientClaim
}

export function exposedName(naming: Naming, { server, definition }: CatalogueTool): string | undefined {
  return naming.exposeName('tool', server, definition.name)
}

export function exposeTool(tool: CatalogueTool, view: ToolView): JsonObject {
  const { naming } = view
  const { execution: _, _meta: meta, ...raw } = tool.raw
  const name = exposedName(naming, tool) ?? ''
  const description = naming.describeTool?.(name)
  const execution = exposeExecution(tool, view)
  return {
    ...raw,
    name,
    ...(description === undefined ? {} : { description }),
    ...(execution === undefined ? {} : { execution }),
    ...(isJsonObject(meta) ? { _meta: exposeUi(naming, tool, meta) } : {}),
  }
}

/** All of a client that what it is shown of a tool depends on. */
export function tellsOfTasks(claim: ClientClaim): boolean {
  return claim.era !== 'modern' && declaresTasks(claim)
}

/**
 * 2025-11-25: whether the tool may be called as a task. Any tool of a server of 2026-07-28 may become one, as that
 * server sees fit; a client of 2026-07-28 is told nothing ahead.
 */
function exposeExecution({ raw, tasks }: CatalogueTool, { claim }: ToolView): JsonObject | undefined {
  if (tasks === undefined || !tellsOfTasks(claim)) return undefined
  return { taskSupport: tasks === 'core' ? supportOf(raw) : 'optional' }
}

/** MCP Apps: a tool names the `ui://` resource that shows its results. */
function exposeUi(naming: Naming, tool: CatalogueTool, meta: JsonObject): JsonObject {
  const expose = (uri: Json | undefined): Json | undefined =>
    typeof uri === 'string' ? naming.exposeUri(tool.server, uri) : uri
  const exposed: Record<string, Json> = { ...meta }
  const flat = expose(meta['ui/resourceUri'])
  if (flat !== undefined) exposed['ui/resourceUri'] = flat
  const { ui } = meta
  if (!isJsonObject(ui)) return exposed
  const resourceUri = expose(ui['resourceUri'])
  exposed['ui'] = resourceUri === undefined ? ui : { ...ui, resourceUri }
  return exposed
}

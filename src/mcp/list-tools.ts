import { RemitError } from '../core/errors.ts'
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts'
import { serversOf, type DoorContext } from './door-context.ts'
import type { CatalogueTool } from './describe-tool.ts'
import { correlationOf, ownerOf, type Exchange } from './exchange.ts'
import { isListableName, type Naming } from './names.ts'

/** `tools/list`: what this task may ever use, in one page, under the names of this endpoint. */
export async function listTools(door: DoorContext, exchange: Exchange): Promise<JsonObject> {
  refuseCursor(exchange)
  const listed = await door.catalogue.tools(serversOf(door, exchange.naming), ownerOf(exchange))
  const offered = listed.entries.filter((tool) => {
    const name = exposedName(exchange.naming, tool)
    return name !== undefined && isListableName(name)
  })
  const visible = await door.deps.gate.visible(exchange.caller, offered, correlationOf(exchange))
  const shown = new Set(visible.map((tool) => tool.definition))
  const tools = offered.filter((tool) => shown.has(tool.definition))
  return { tools: tools.map((tool) => exposeTool(exchange.naming, tool)), ...incomplete(listed) }
}

/** Says that a server's part is missing, for now; which one is in the gateway's log, and not a client's to know. */
export function incomplete({ complete }: { readonly complete: boolean }): { readonly _meta?: JsonObject } {
  return complete ? {} : { _meta: { 'remit/incomplete': true } }
}

/** Every list fits on one page, so a cursor was not given by this gateway. @throws RemitError `params_invalid`. */
export function refuseCursor(exchange: Exchange): void {
  if (exchange.params['cursor'] === undefined) return
  throw new RemitError('params_invalid', 'this `cursor` was not given here; list without one')
}

function exposedName(naming: Naming, { server, definition }: CatalogueTool): string | undefined {
  return naming.exposeName('tool', server, definition.name)
}

function exposeTool(naming: Naming, tool: CatalogueTool): JsonObject {
  // MCP tasks are not bridged, so a tool must not ask to be run as one.
  const { execution: _, _meta: meta, ...raw } = tool.raw
  const name = exposedName(naming, tool) ?? ''
  const description = naming.describeTool?.(name)
  const named = { ...raw, name, ...(description === undefined ? {} : { description }) }
  if (!isJsonObject(meta)) return named
  return { ...named, _meta: exposeUi(naming, tool, meta) }
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

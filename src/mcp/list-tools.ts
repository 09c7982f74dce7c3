import type { JsonObject } from '../core/json.ts'
import { serversOf, type DoorContext } from './door-context.ts'
import { correlationOf, ownerOf, type Exchange } from './exchange.ts'
import { exposedName, exposeTool } from './expose-tool.ts'
import { isListableName } from './names.ts'

/** `tools/list`: what this task may ever use, by page, under the names of this endpoint. */
export async function listTools(door: DoorContext, exchange: Exchange): Promise<JsonObject> {
  const listed = await door.catalogue.tools(serversOf(door, exchange.naming), ownerOf(exchange))
  const offered = listed.entries.filter((tool) => {
    const name = exposedName(exchange.naming, tool)
    return name !== undefined && isListableName(name)
  })
  const visible = await door.deps.gate.visible(exchange.caller, offered, correlationOf(exchange))
  const shown = new Set(visible.map((tool) => tool.definition))
  const tools = offered.filter((tool) => shown.has(tool.definition))
  const { items, ...next } = door.cursors.page(exchange, tools, {
    size: door.limits.listPage,
    nameOf: (tool) => exposedName(exchange.naming, tool) ?? '',
  })
  return { tools: items.map((tool) => exposeTool(tool, exchange)), ...next, ...incomplete(listed) }
}

/** Says that a server's part is missing, for now; which one is in the gateway's log, and not a client's to know. */
export function incomplete({ complete }: { readonly complete: boolean }): { readonly _meta?: JsonObject } {
  return complete ? {} : { _meta: { 'remit/incomplete': true } }
}

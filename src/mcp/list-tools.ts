import { RemitError } from '../core/errors.ts'
import type { JsonObject } from '../core/json.ts'
import { serversOf, type DoorContext } from './door-context.ts'
import { correlationOf, ownerOf, type Exchange } from './exchange.ts'
import { exposedName, exposeTool } from './expose-tool.ts'
import { isListableName } from './names.ts'

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
  return { tools: tools.map((tool) => exposeTool(tool, exchange)), ...incomplete(listed) }
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

import type { JsonObject } from '../core/json.ts'
import { withBody } from '../core/large-json.ts'
import type { Listed } from './catalogue.ts'
import { serversOf, type DoorContext } from './door-context.ts'
import { correlationOf, ownerOf, type Exchange } from './exchange.ts'
import { withRuntimeTool } from './list-runtime-tool.ts'

/** `tools/list`: what this task may ever use, by page, under the names of this endpoint. */
export async function listTools(door: DoorContext, exchange: Exchange): Promise<JsonObject> {
  const listed = await door.catalogue.tools(serversOf(door, exchange.naming), ownerOf(exchange))
  const views = door.toolViews.of(exchange)
  const offered = views.offered(listed.entries)
  const visible = await door.deps.gate.visible(exchange.caller, offered, correlationOf(exchange))
  const { items, ...next } = door.cursors.page(exchange, visible, {
    size: door.limits.listPage,
    nameOf: (tool) => views.nameOf(tool) ?? '',
  })
  const bytes = withRuntimeTool(door, exchange, views.write(items))
  return withBody(
    { ...next, ...keptFor(door, listed), ...incomplete(listed) },
    { kind: 'members', bytes, cuts: [], uris: [] },
  )
}

/** How much longer the servers let a list be kept; only a client of 2026-07-28 is told. */
export function keptFor(
  { deps }: DoorContext,
  { until }: Pick<Listed<unknown>, 'until'>,
): { readonly ttlMs?: number } {
  return until === Infinity ? {} : { ttlMs: Math.max(0, until - deps.clock.now()) }
}

/** Says that a server's part is missing, for now; which one is in the gateway's log, and not a client's to know. */
export function incomplete({ complete }: { readonly complete: boolean }): { readonly _meta?: JsonObject } {
  return complete ? {} : { _meta: { 'remit/incomplete': true } }
}

import type { JsonObject } from '../core/json.ts'
import { serversOf, type DoorContext } from './door-context.ts'
import { ownerOf, type Exchange } from './exchange.ts'
import { incomplete, refuseCursor } from './list-tools.ts'
import type { ListName } from './load-list.ts'
import { isListableName } from './names.ts'

type Items = Exclude<ListName, 'tools'>

/** `prompts/list`. */
export async function listPrompts(door: DoorContext, exchange: Exchange): Promise<JsonObject> {
  const { items: prompts, missing } = await gather(door, exchange, 'prompts', (raw, expose) => {
    const name = expose.name(raw['name'])
    return name !== undefined && isListableName(name) ? { ...raw, name } : undefined
  })
  return { prompts, ...missing }
}

/** `resources/list`. */
export async function listResources(door: DoorContext, exchange: Exchange): Promise<JsonObject> {
  const { items: resources, missing } = await gather(door, exchange, 'resources', (raw, expose) => {
    const uri = expose.uri(raw['uri'])
    return uri === undefined ? undefined : { ...raw, uri }
  })
  return { resources, ...missing }
}

/** `resources/templates/list`: an expanded template is the prefix and what the server's own expands to. */
export async function listTemplates(door: DoorContext, exchange: Exchange): Promise<JsonObject> {
  const { items: resourceTemplates, missing } = await gather(
    door,
    exchange,
    'resourceTemplates',
    (raw, expose) => {
      const uriTemplate = expose.uri(raw['uriTemplate'])
      return uriTemplate === undefined ? undefined : { ...raw, uriTemplate }
    },
  )
  return { resourceTemplates, ...missing }
}

interface Expose {
  name(own: unknown): string | undefined
  uri(own: unknown): string | undefined
}

async function gather(
  door: DoorContext,
  exchange: Exchange,
  list: Items,
  show: (raw: JsonObject, expose: Expose) => JsonObject | undefined,
): Promise<{ readonly items: readonly JsonObject[]; readonly missing: ReturnType<typeof incomplete> }> {
  refuseCursor(exchange)
  const { naming } = exchange
  const listed = await door.catalogue.items(serversOf(door, naming), ownerOf(exchange), list)
  const items = listed.entries
    .map(({ server, raw }) =>
      show(raw, {
        name: (own) => (typeof own === 'string' ? naming.exposeName('prompt', server, own) : undefined),
        uri: (own) => (typeof own === 'string' ? naming.exposeUri(server, own) : undefined),
      }),
    )
    .filter((item) => item !== undefined)
  return { items, missing: incomplete(listed) }
}

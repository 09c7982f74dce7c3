import type { JsonObject } from '../core/json.ts'
import type { ListedItem } from '../gate/gate.ts'
import type { CatalogueItem } from './catalogue.ts'
import { serversOf, type DoorContext } from './door-context.ts'
import { correlationOf, ownerOf, type Exchange } from './exchange.ts'
import { exposerOf } from './expose-uris.ts'
import { incomplete, keptFor } from './list-tools.ts'
import type { ListName } from './load-list.ts'
import { isListableName, type Naming } from './names.ts'
import { exposeSkill } from './skills/expose-skill.ts'

/** What a list is of, and how one entry of it is named. */
interface Kind {
  readonly list: Exclude<ListName, 'tools'>
  readonly kind: 'prompt' | 'resource'
  readonly member: 'name' | 'uri' | 'uriTemplate'
}

const PROMPTS: Kind = { list: 'prompts', kind: 'prompt', member: 'name' }
const RESOURCES: Kind = { list: 'resources', kind: 'resource', member: 'uri' }
/** Skills (SEP-2640): one is shown where its `SKILL.md` may ever be read. */
const SKILLS: Kind = { list: 'skills', kind: 'resource', member: 'uri' }
/** An expanded template is the prefix and what the server's own expands to. */
const TEMPLATES: Kind = { list: 'resourceTemplates', kind: 'resource', member: 'uriTemplate' }

/** `prompts/list`: what this task may ever get, by page. */
export function listPrompts(door: DoorContext, exchange: Exchange): Promise<JsonObject> {
  return listItems(door, exchange, PROMPTS)
}

/** `resources/list`: what this task may ever read, by page. */
export function listResources(door: DoorContext, exchange: Exchange): Promise<JsonObject> {
  return listItems(door, exchange, RESOURCES)
}

/** `skills/list`. */
export function listSkills(door: DoorContext, exchange: Exchange): Promise<JsonObject> {
  return listItems(door, exchange, SKILLS)
}

/** `resources/templates/list`. */
export function listTemplates(door: DoorContext, exchange: Exchange): Promise<JsonObject> {
  return listItems(door, exchange, TEMPLATES)
}

interface Offer extends ListedItem {
  readonly exposed: string
  readonly raw: JsonObject
}

async function listItems(door: DoorContext, exchange: Exchange, of: Kind): Promise<JsonObject> {
  const { naming, caller } = exchange
  const listed = await door.catalogue.items(serversOf(door, naming), ownerOf(exchange), of.list)
  const offered = listed.entries.map((item) => offerOf(naming, item, of)).filter((item) => item !== undefined)
  const correlation = correlationOf(exchange)
  const shown = await door.deps.gate.visibleItems(caller, { kind: of.kind, items: offered, correlation })
  const { items, ...next } = door.cursors.page(exchange, shown, {
    size: door.limits.listPage,
    nameOf: ({ exposed }) => exposed,
  })
  const named = items.map(({ server, raw, exposed }) =>
    of === SKILLS ? exposeSkill(exposerOf(naming, server), raw) : { ...raw, [of.member]: exposed },
  )
  return { [of.list]: named, ...next, ...keptFor(door, listed), ...incomplete(listed) }
}

/** Undefined = this endpoint cannot show it. */
function offerOf(naming: Naming, { server, raw }: CatalogueItem, of: Kind): Offer | undefined {
  const own = raw[of.member]
  if (typeof own !== 'string') return undefined
  if (of.kind === 'prompt') {
    const exposed = naming.exposeName('prompt', server, own)
    return exposed !== undefined && isListableName(exposed) ? { server, name: own, exposed, raw } : undefined
  }
  const exposed = naming.exposeUri(server, own)
  if (exposed === undefined) return undefined
  return { server, exposed, raw, ...(of === TEMPLATES ? { template: own } : { name: own }) }
}

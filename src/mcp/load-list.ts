import { RemitError } from '../core/errors.ts'
import type { Json, JsonObject } from '../core/json.ts'
import type { DoorLimits } from './door-deps.ts'
import { freshnessOf, strictest, UNSAID, type Freshness } from './list-freshness.ts'
import { hasSkills } from './skills/skills-of.ts'
import type { UpstreamInfo, UpstreamSession } from './upstream.ts'

/** The lists of MCP, by the result's member: the method, and what a server says that has it. */
const LISTS = {
  tools: { method: 'tools/list', offered: declares('tools') },
  prompts: { method: 'prompts/list', offered: declares('prompts') },
  resources: { method: 'resources/list', offered: declares('resources') },
  resourceTemplates: { method: 'resources/templates/list', offered: declares('resources') },
  skills: { method: 'skills/list', offered: hasSkills },
} as const
export type ListName = keyof typeof LISTS

export interface LoadedList {
  readonly items: readonly Json[]
  readonly freshness: Freshness
}

/**
 * A whole list of one server: every page, up to the limits.
 * @throws what the session throws; RemitError `upstream_garbage` for a list that has no end or is none.
 */
export async function loadList(
  session: UpstreamSession,
  list: ListName,
  limits: DoorLimits,
): Promise<LoadedList> {
  const { method, offered } = LISTS[list]
  if (!offered(session.info)) return { items: [], freshness: UNSAID }
  const items: Json[] = []
  const said: Freshness[] = []
  let params: JsonObject = {}
  for (let page = 0; page < limits.listPages; page++) {
    const result = await askPage(session, { method, params, wait: limits.listWait })
    said.push(freshnessOf(session.info.era, result))
    const part = result[list]
    if (!Array.isArray(part)) throw garbage(`its \`${method}\` has no \`${list}\``)
    items.push(...(part as readonly Json[]))
    if (items.length > limits.listItems) throw garbage(`its \`${method}\` is longer than the gateway serves`)
    const cursor = result['nextCursor']
    if (typeof cursor !== 'string') return { items, freshness: strictest(said) }
    params = { cursor }
  }
  throw garbage(`its \`${method}\` has more pages than the gateway follows`)
}

function declares(capability: string): (info: UpstreamInfo) => boolean {
  return ({ capabilities }) => capabilities[capability] !== undefined
}

async function askPage(
  session: UpstreamSession,
  page: { readonly method: string; readonly params: JsonObject; readonly wait: number },
): Promise<JsonObject> {
  const { method, params } = page
  const controller = new AbortController()
  const timer = setTimeout(() => {
    controller.abort(new RemitError('upstream_timeout', `the server did not answer \`${method}\` in time`))
  }, page.wait)
  try {
    return await session.request({ method, params, signal: controller.signal, clientCapabilities: {} })
  } finally {
    clearTimeout(timer)
  }
}

function garbage(what: string): RemitError {
  return new RemitError('upstream_garbage', `the server does not list properly: ${what}`)
}

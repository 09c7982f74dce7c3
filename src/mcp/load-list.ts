import { RemitError } from '../core/errors.ts'
import type { Json, JsonObject } from '../core/json.ts'
import type { DoorLimits } from './door-deps.ts'
import { freshnessOf, strictest, UNSAID, type Freshness } from './list-freshness.ts'
import type { UpstreamSession } from './upstream.ts'

/** The lists of MCP: the method, the result's member, and the capability without which a server has none. */
const LISTS = {
  tools: { method: 'tools/list', capability: 'tools' },
  prompts: { method: 'prompts/list', capability: 'prompts' },
  resources: { method: 'resources/list', capability: 'resources' },
  resourceTemplates: { method: 'resources/templates/list', capability: 'resources' },
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
  const { method, capability } = LISTS[list]
  if (session.info.capabilities[capability] === undefined) return { items: [], freshness: UNSAID }
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

import { groupsOf } from '../core/actions.ts'
import type { Json } from '../core/json.ts'
import type { Operation } from '../core/operation.ts'
import type { ExtractionContext } from './extract.ts'
import { extractUrl } from './extract-urls.ts'
import { forgeApi, readForgeRequest } from './forge/forge-request.ts'
import { USUAL_FORGES } from './repository/forge-hosts.ts'

/**
 * Argument kind `url`: the URL is reached, and where it lies in the API of a forge, something is also done there: a read,
 * unless the tool sends, which could be anything.
 */
export function extractRequest(value: Json, context: ExtractionContext): readonly Operation[] {
  const reached = extractUrl(value, context)
  const forges = context.repositories?.forges ?? USUAL_FORGES
  const seen = new Set<string>()
  const done = reached.flatMap(({ action, resource, origin }): readonly Operation[] => {
    const api =
      resource.type === 'Url' && groupsOf(action).includes('egress') ? forgeApi(resource.id) : undefined
    const method = groupsOf(action).includes('write') ? 'POST' : 'GET'
    if (api === undefined || seen.has(`${method} ${resource.id}`)) return []
    seen.add(`${method} ${resource.id}`)
    const body = method === 'GET' ? {} : undefined
    return readForgeRequest({ ...api, method, body }, forges).map((each) => ({ ...each, origin }))
  })
  return [...reached, ...done]
}

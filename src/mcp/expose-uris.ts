import type { ServerKey } from '../core/ids.ts'
import type { JsonObject } from '../core/json.ts'
import { bodyOf } from '../core/large-json.ts'
import { withUris } from './large-answer.ts'
import { mapUris, type Expose } from './map-uris.ts'
import { PREFIXED, type Naming } from './names.ts'

/**
 * A result whose resource URIs can be read again at this endpoint: links and embedded resources of tools and
 * prompts, and the contents of a read resource.
 */
export function exposeUris(naming: Naming, server: ServerKey, result: JsonObject): JsonObject {
  // One that this endpoint does not show is still told apart from those of other servers.
  const expose: Expose = (uri) => naming.exposeUri(server, uri) ?? PREFIXED.exposeUri(server, uri)
  return bodyOf(result) === undefined ? mapUris(result, expose) : withUris(result, expose)
}

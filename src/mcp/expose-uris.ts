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
  const expose = exposerOf(naming, server)
  return bodyOf(result) === undefined ? mapUris(result, expose) : withUris(result, expose)
}

/** How the endpoint shows URIs of this server; one that it does not show is still told apart from those of others. */
export function exposerOf(naming: Naming, server: ServerKey): Expose {
  return (uri) => naming.exposeUri(server, uri) ?? PREFIXED.exposeUri(server, uri)
}

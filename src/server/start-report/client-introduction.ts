import { isJsonObject, type JsonObject } from '../../core/json.ts'
import { KEYS } from '../../mcp/wire/rev-2026-07-28/keys.ts'

/** The version that an MCP client says it has, in the first message of either era; undefined = it says none that is one. */
export function introducedVersion(params: JsonObject): string | undefined {
  const meta = params['_meta']
  const info = params['clientInfo'] ?? (isJsonObject(meta) ? meta[KEYS.clientInfo] : undefined)
  const version = isJsonObject(info) ? info['version'] : undefined
  return typeof version === 'string' && /^[\w.+-]{1,64}$/.test(version) ? version : undefined
}

import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts'
import { KEYS } from './rev-2026-07-28/keys.ts'

const OWN = 'remit/'

/** An upstream's `_meta` without what only the gateway may say: who serves, and Remit's own keys. */
export function keptMeta(result: JsonObject): JsonObject | undefined {
  const meta = result['_meta']
  if (!isJsonObject(meta)) return undefined
  const kept: Record<string, Json> = {}
  for (const [key, value] of Object.entries(meta)) {
    if (key !== KEYS.serverInfo && !key.startsWith(OWN)) kept[key] = value
  }
  return kept
}

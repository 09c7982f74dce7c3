import type { Json, JsonObject } from '../../../core/json.ts'

/** What only 2026-07-28 knows. */
const MODERN_ONLY = new Set(['resultType', 'ttlMs', 'cacheScope'])

/** A result as the initialize era knows it. */
export function dressLegacy(result: JsonObject): JsonObject {
  if (!('resultType' in result) && !('ttlMs' in result) && !('cacheScope' in result)) return result
  const dressed: Record<string, Json> = {}
  for (const [key, value] of Object.entries(result)) {
    if (!MODERN_ONLY.has(key)) dressed[key] = value
  }
  return dressed
}

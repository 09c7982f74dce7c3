import type { JsonObject } from '../../../core/json.ts'

/** A result as the initialize era knows it, without what only 2026-07-28 has. */
export function dressLegacy(result: JsonObject): JsonObject {
  if (!('resultType' in result) && !('ttlMs' in result) && !('cacheScope' in result)) return result
  const { resultType: _type, ttlMs: _ttl, cacheScope: _scope, ...dressed } = result
  return dressed
}

import type { JsonObject } from '../../../core/json.ts'
import { KEYS } from './keys.ts'

/**
 * A result as this revision wants it: `resultType`, who serves, and for what may be cached that it may not:
 * what one task sees depends on policy, which can change at any time.
 */
export function dressModern(result: JsonObject, serverInfo: JsonObject, cacheable: boolean): JsonObject {
  const dressed = {
    resultType: 'complete',
    ...result,
    _meta: { ...(result['_meta'] as JsonObject | undefined), [KEYS.serverInfo]: serverInfo },
  }
  return cacheable ? { ...dressed, ttlMs: 0, cacheScope: 'private' } : dressed
}

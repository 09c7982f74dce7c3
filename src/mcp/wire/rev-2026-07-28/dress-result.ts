import type { JsonObject } from '../../../core/json.ts'
import { ttlOf } from '../../list-freshness.ts'
import { KEYS } from './keys.ts'

/**
 * A result as this revision wants it: `resultType`, who serves, and for what may be kept, by whom and for how long: what
 * one task sees is no other's, and what lacks a server's part is not kept.
 * @param ttl milliseconds that it may be kept at most, and no longer than its own `ttlMs` says; undefined = the result is none that may be kept.
 */
export function dressModern(result: JsonObject, serverInfo: JsonObject, ttl: number | undefined): JsonObject {
  const meta = result['_meta'] as JsonObject | undefined
  const dressed = {
    resultType: 'complete',
    ...result,
    _meta: { ...meta, [KEYS.serverInfo]: serverInfo },
  }
  if (ttl === undefined) return dressed
  const theirs = result['ttlMs'] === undefined ? Infinity : ttlOf(result['ttlMs'])
  const ttlMs = meta?.['remit/incomplete'] === true ? 0 : Math.min(ttl, theirs)
  return { ...dressed, ttlMs, cacheScope: 'private' }
}

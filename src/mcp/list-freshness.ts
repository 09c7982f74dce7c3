import type { JsonObject } from '../core/json.ts'
import type { Era } from './upstream.ts'

/** What a server says of keeping its answer. */
export interface Freshness {
  /** Milliseconds; Infinity = it says nothing. */
  readonly ttl: number
  /** It is the same for everybody; false = it is one principal's. */
  readonly shared: boolean
}

/** The initialize era says nothing of keeping: a list is good until the server says that it changed. */
export const UNSAID: Freshness = { ttl: Infinity, shared: true }

/**
 * `ttlMs` and `cacheScope` of an answer
 * (https://modelcontextprotocol.io/specification/2026-07-28/server/utilities/caching). What a server of that revision
 * leaves out is private; what it says wrongly is not kept.
 */
export function freshnessOf(era: Era, { ttlMs, cacheScope }: JsonObject): Freshness {
  if (era === 'legacy') return UNSAID
  return { ttl: ttlMs === undefined ? Infinity : ttlOf(ttlMs), shared: cacheScope === 'public' }
}

/** Of the pages of one list. */
export function strictest(pages: readonly Freshness[]): Freshness {
  return { ttl: Math.min(...pages.map(({ ttl }) => ttl)), shared: pages.every(({ shared }) => shared) }
}

/** Milliseconds for which an answer may be kept; 0 for what is no such number. */
export function ttlOf(ttl: unknown): number {
  return typeof ttl === 'number' && ttl > 0 ? ttl : 0
}

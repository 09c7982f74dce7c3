import { isJsonObject, type Json, type JsonObject } from '../core/json.ts'
import type { ClientClaim } from './client-claim.ts'
import type { Exchange } from './exchange.ts'
import type { Era } from './upstream.ts'

/** Extensions that the gateway does not bridge, and so never claims upstream. */
const UNBRIDGED = new Set(['io.modelcontextprotocol/tasks'])
const NONE: JsonObject = {}

/** `elicitation: {}` means forms (2025-06-18); URL mode is always said. */
export function declaresElicitation(claim: ClientClaim, mode: 'form' | 'url'): boolean {
  const declared = claim.capabilities['elicitation']
  if (!isJsonObject(declared)) return false
  if (isJsonObject(declared[mode])) return true
  return mode === 'form' && declared['url'] === undefined
}

/**
 * What the gateway claims upstream for this request: what the client declared, less what the gateway refuses
 * (sampling), answers itself (roots), or cannot carry (questions of a legacy server to a modern client).
 */
export function capabilitiesUpstream(exchange: Exchange, era: Era): JsonObject {
  const { claim, reply } = exchange
  const { elicitation, extensions } = claim.capabilities
  const canAsk = claim.era === 'modern' ? era === 'modern' : reply.canStream
  if (extensions === undefined && (elicitation === undefined || !canAsk)) return NONE
  const bridged: Record<string, Json> = {}
  if (elicitation !== undefined && canAsk) bridged['elicitation'] = elicitation
  if (isJsonObject(extensions)) {
    const kept = Object.entries(extensions).filter(([id]) => !UNBRIDGED.has(id))
    bridged['extensions'] = Object.fromEntries(kept)
  }
  return bridged
}

import { isJsonObject, type Json, type JsonObject } from '../core/json.ts'
import type { ClientClaim } from './client-claim.ts'
import type { ServerSettings } from './door-deps.ts'
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

/** What this client declared that a server may use to ask, as configuration lets it, and roots that it names itself. */
export function bridgedQuestions(declared: JsonObject, settings: ServerSettings | undefined): JsonObject {
  const { elicitation, sampling, roots } = declared
  const claimed: Record<string, Json> = {}
  if (elicitation !== undefined) claimed['elicitation'] = elicitation
  if (sampling !== undefined && settings?.sampling === 'relay') claimed['sampling'] = sampling
  if (Array.isArray(settings?.roots)) claimed['roots'] = NONE
  else if (roots !== undefined && settings?.roots === 'relay') claimed['roots'] = roots
  return claimed
}

/**
 * What the gateway claims upstream for this request: what the client declared, less what configuration refuses or the
 * gateway cannot carry (questions of a legacy server to a modern client, extensions that are not bridged).
 */
export function capabilitiesUpstream(
  exchange: Exchange,
  era: Era,
  settings: ServerSettings | undefined,
): JsonObject {
  const { claim, reply } = exchange
  const { extensions } = claim.capabilities
  const canAsk = claim.era === 'modern' ? era === 'modern' : reply.canStream
  const bridged = bridgedQuestions(canAsk ? claim.capabilities : NONE, settings)
  if (!isJsonObject(extensions)) return bridged
  const kept = Object.entries(extensions).filter(([id]) => !UNBRIDGED.has(id))
  return { ...bridged, extensions: Object.fromEntries(kept) }
}

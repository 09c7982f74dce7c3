import { isJsonObject, type Json, type JsonObject } from '../core/json.ts'
import type { ClientClaim } from './client-claim.ts'
import { extensionOf, UI_EXTENSION } from './extensions.ts'
import type { ServerSettings } from './door-deps.ts'
import type { Exchange } from './exchange.ts'

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
function bridgedQuestions(declared: JsonObject, settings: ServerSettings | undefined): JsonObject {
  const { elicitation, sampling, roots } = declared
  const claimed: Record<string, Json> = {}
  if (elicitation !== undefined) claimed['elicitation'] = elicitation
  if (sampling !== undefined && settings?.sampling === 'relay') claimed['sampling'] = sampling
  if (Array.isArray(settings?.roots)) claimed['roots'] = NONE
  else if (roots !== undefined && settings?.roots === 'relay') claimed['roots'] = roots
  return claimed
}

/**
 * What a server of the initialize era is told once, when its session begins: the questions, and whether the client shows
 * views, without which such servers offer none.
 */
export function sessionCapabilities(declared: JsonObject, settings: ServerSettings | undefined): JsonObject {
  const ui = extensionOf(declared, UI_EXTENSION)
  const questions = bridgedQuestions(declared, settings)
  return ui === undefined ? questions : { ...questions, extensions: { [UI_EXTENSION]: ui } }
}

/**
 * What the gateway claims upstream for this request: what the client declared, less what configuration refuses and the
 * extensions that are not bridged. A client that cannot be asked declared nothing.
 */
export function capabilitiesUpstream(
  { claim }: Exchange,
  to: { readonly canAsk: boolean; readonly settings: ServerSettings | undefined },
): JsonObject {
  const { extensions } = claim.capabilities
  const bridged = bridgedQuestions(to.canAsk ? claim.capabilities : NONE, to.settings)
  if (!isJsonObject(extensions)) return bridged
  const kept = Object.entries(extensions).filter(([id]) => !UNBRIDGED.has(id))
  return { ...bridged, extensions: Object.fromEntries(kept) }
}

/** Whether the client can be asked anything at all. */
export function declaresQuestions({ elicitation, sampling, roots }: JsonObject): boolean {
  return elicitation !== undefined || sampling !== undefined || roots !== undefined
}

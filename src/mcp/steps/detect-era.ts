import type { IncomingHttpHeaders } from 'node:http'
import type { ClientClaim } from '../client-claim.ts'
import type { Message } from '../json-rpc.ts'
import { readModernClaim } from '../wire/rev-2026-07-28/read-envelope.ts'
import { readLegacyVersion } from '../wire/rev-2025-11-25/versions.ts'

/** The era of one message: what the body claims, cross-checked with the version header. */
export type EraOfMessage =
  | { readonly era: 'modern'; readonly claim: ClientClaim }
  | { readonly era: 'legacy'; readonly version: string | undefined }

/**
 * Body first, as the official SDK does: an envelope makes a message modern, a modern version header without one
 * is an error, everything else is of the initialize era.
 * @throws RemitError `params_invalid`, `version_unsupported`, `request_invalid`, `header_mismatch`.
 */
export function detectEra(message: Message, headers: IncomingHttpHeaders): EraOfMessage {
  const sent = headers['mcp-protocol-version']
  const header = typeof sent === 'string' ? sent.trim() : undefined
  const claim = readModernClaim(message, header)
  if (claim !== undefined) return { era: 'modern', claim }
  return { era: 'legacy', version: readLegacyVersion(header) }
}

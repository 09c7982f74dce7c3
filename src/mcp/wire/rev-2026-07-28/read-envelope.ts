import { RemitError } from '../../../core/errors.ts'
import { isJsonObject, type JsonObject } from '../../../core/json.ts'
import type { ClientClaim } from '../../client-claim.ts'
import type { Message } from '../../json-rpc.ts'
import { clientName } from '../client-name.ts'
import { MODERN_VERSION, MODERN_VERSIONS, KEYS } from './keys.ts'

function isModernVersion(version: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(version) && version >= MODERN_VERSION
}

/**
 * Reads the envelope that every modern request carries in `params._meta`.
 * https://modelcontextprotocol.io/specification/2026-07-28/basic#request-metadata
 * @param header value of `MCP-Protocol-Version`.
 * @returns undefined = not a message of this era.
 * @throws RemitError `params_invalid` for an incomplete envelope, `version_unsupported`, `header_mismatch`,
 *   `request_invalid` for a POSTed response.
 */
export function readModernClaim(message: Message, header: string | undefined): ClientClaim | undefined {
  const headerIsModern = header !== undefined && isModernVersion(header)
  if (message.kind === 'response') {
    if (headerIsModern) throw new RemitError('request_invalid', 'a response cannot be sent to the gateway')
    return undefined
  }
  const meta = message.params['_meta']
  const claimed = isJsonObject(meta) ? meta[KEYS.protocolVersion] : undefined
  if (!isJsonObject(meta) || claimed === undefined) {
    if (!headerIsModern) return undefined
    if (message.kind === 'notification') return bareClaim(header)
    if (message.method === 'initialize') {
      throw new RemitError('header_mismatch', '`initialize` is not part of the version that the header names')
    }
    throw invalid(isJsonObject(meta) ? KEYS.protocolVersion : '_meta', 'is missing')
  }
  if (typeof claimed !== 'string') throw invalid(KEYS.protocolVersion, 'must be a string')
  if (message.method === 'initialize' && !isModernVersion(claimed)) return undefined
  if (header !== undefined && header !== claimed) {
    throw new RemitError(
      'header_mismatch',
      'the header `MCP-Protocol-Version` does not say what the body says',
    )
  }
  if (message.kind === 'notification') return bareClaim(claimed)
  return claimOf(meta, claimed)
}

function claimOf(meta: JsonObject, version: string): ClientClaim {
  const capabilities = meta[KEYS.clientCapabilities]
  if (!isJsonObject(capabilities)) throw invalid(KEYS.clientCapabilities, 'must be an object')
  const info = meta[KEYS.clientInfo]
  const client = clientName(info)
  if (info !== undefined && client === undefined) throw invalid(KEYS.clientInfo, 'needs a name and a version')
  const logLevel = meta[KEYS.logLevel]
  return {
    era: 'modern',
    version: supported(version),
    capabilities,
    ...(client === undefined ? {} : { client }),
    ...(typeof logLevel === 'string' ? { logLevel } : {}),
  }
}

function bareClaim(version: string): ClientClaim {
  return { era: 'modern', version: supported(version), capabilities: {} }
}

function supported(version: string): string {
  if (MODERN_VERSIONS.includes(version)) return version
  throw new RemitError('version_unsupported', `the protocol version \`${version}\` is not served`, {
    data: { supported: MODERN_VERSIONS, requested: version },
  })
}

function invalid(key: string, why: string): RemitError {
  return new RemitError('params_invalid', `\`${key}\` ${why}; every request of this version carries it`)
}

import { RemitError } from '../core/errors.ts'
import { isJsonObject, type JsonObject } from '../core/json.ts'
import { LEGACY_VERSIONS, MODERN_VERSION, serverInfoOf, type ClientInfo } from './upstream-envelope.ts'
import { garbage } from './upstream-message.ts'
import type { UpstreamInfo } from './upstream.ts'

/** Params of `initialize`: the newest version of that era, and what the client of this session can do. */
export function initializeParams(client: ClientInfo, capabilities: JsonObject): JsonObject {
  return {
    protocolVersion: LEGACY_VERSIONS[0] ?? '',
    capabilities,
    clientInfo: { name: client.name, version: client.version },
  }
}

/** @throws RemitError `upstream_garbage` | `upstream_unavailable` (a version that Remit does not speak). */
export function readInitialize(result: JsonObject): UpstreamInfo {
  const { protocolVersion, capabilities, serverInfo, instructions } = result
  if (typeof protocolVersion !== 'string') throw garbage('its `initialize` result has no `protocolVersion`')
  if (!LEGACY_VERSIONS.includes(protocolVersion)) throw versionUnknown(protocolVersion)
  return {
    era: 'legacy',
    protocolVersion,
    capabilities: isJsonObject(capabilities) ? capabilities : {},
    serverInfo: isJsonObject(serverInfo) ? serverInfo : {},
    ...(typeof instructions === 'string' ? { instructions } : {}),
  }
}

/** Undefined when the server's answer to `server/discover` does not offer 2026-07-28. */
export function readDiscover(result: JsonObject): UpstreamInfo | undefined {
  const { supportedVersions, capabilities, instructions } = result
  if (!Array.isArray(supportedVersions) || !supportedVersions.includes(MODERN_VERSION)) return undefined
  return {
    era: 'modern',
    protocolVersion: MODERN_VERSION,
    capabilities: isJsonObject(capabilities) ? capabilities : {},
    serverInfo: serverInfoOf(result),
    ...(typeof instructions === 'string' ? { instructions } : {}),
  }
}

export function versionUnknown(version: string): RemitError {
  return new RemitError(
    'upstream_unavailable',
    `the server speaks only protocol version \`${version.slice(0, 40)}\`, which Remit does not; upgrade the server`,
  )
}

import type { JsonObject } from '../core/json.ts'
import type { DoorDeps } from './door-deps.ts'

const ROOT = '/.well-known/oauth-protected-resource'

/** RFC 9728 §3.1: the well-known path, with the resource's own path behind it or not. */
export function metadataPath(path: string): boolean {
  return path === ROOT || path === `${ROOT}/mcp` || path.startsWith(`${ROOT}/mcp/`)
}

/** RFC 9728 §2. The audience of tokens and `resource` come from the one configured URL, never from `Host`. */
export function resourceMetadata(deps: DoorDeps): JsonObject {
  const { authorizationServers } = deps
  return {
    resource: `${deps.publicUrl}/mcp`,
    resource_name: 'Remit',
    bearer_methods_supported: ['header'],
    ...(authorizationServers === undefined ? {} : { authorization_servers: authorizationServers }),
  }
}

/** RFC 6750 §3 and RFC 9728 §5.1. @param sent a token was sent, and it is not good. */
export function challenge(deps: DoorDeps, sent: boolean): string {
  const metadata = `resource_metadata="${deps.publicUrl}${ROOT}/mcp"`
  return sent ? `Bearer error="invalid_token", ${metadata}` : `Bearer ${metadata}`
}

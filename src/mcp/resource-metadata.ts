import type { JsonObject } from '../core/json.ts'
import { challenge, PROOF_ALGORITHMS } from '../net/challenge.ts'
import type { DoorDeps } from './door-deps.ts'

const ROOT = '/.well-known/oauth-protected-resource'
const SCOPE = 'mcp'

/** RFC 9728 §3.1: the well-known path, with the resource's own path behind it or not. */
export function metadataPath(path: string): boolean {
  return path === ROOT || path === `${ROOT}/mcp` || path.startsWith(`${ROOT}/mcp/`)
}

/** The endpoint that a well-known path speaks of. */
export function describedEndpoint(path: string): string {
  return path === ROOT ? '/mcp' : path.slice(ROOT.length)
}

/**
 * RFC 9728 §2, of one endpoint: clients hold `resource` against the very URL that they dialled. It comes from the one
 * configured URL, never from `Host`.
 */
export function resourceMetadata(deps: DoorDeps, endpoint: string): JsonObject {
  const { authorizationServers, clientCertificates } = deps
  return {
    resource: `${deps.publicUrl}${endpoint}`,
    resource_name: 'Remit',
    bearer_methods_supported: ['header'],
    dpop_signing_alg_values_supported: PROOF_ALGORITHMS,
    ...(clientCertificates === true ? { tls_client_certificate_bound_access_tokens: true } : {}),
    scopes_supported: [SCOPE],
    ...(authorizationServers === undefined ? {} : { authorization_servers: authorizationServers }),
  }
}

/** What a 401 of an endpoint asks for, and where to get it (RFC 9728 §3.1 and §5.1). */
export function endpointChallenge(deps: DoorDeps, endpoint: string, code: string): string {
  const { origin, pathname } = new URL(`${deps.publicUrl}${endpoint}`)
  return challenge(code, `resource_metadata="${origin}${ROOT}${pathname}"`, `scope="${SCOPE}"`)
}

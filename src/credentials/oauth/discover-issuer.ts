import {
  type AuthorizationServer,
  discoveryRequest,
  processDiscoveryResponse,
  processResourceDiscoveryResponse,
  resourceDiscoveryRequest,
  type ResourceServer,
} from 'oauth4webapi'
import { RemitError } from '../../core/errors.ts'
import { checkScheme } from '../../net/guarded-fetch.ts'
import { type OAuthServer, transportOf } from './oauth-server.ts'

/** Who issues tokens for a server, and what they must be for. */
export interface Discovered {
  readonly issuer: AuthorizationServer
  readonly resource: string
  /** To ask for; absent = whatever the issuer gives. */
  readonly scope?: string
}

/**
 * Protected resource metadata (RFC 9728) of the server's URL, or else of its origin; then the metadata of the first
 * authorization server that they name (RFC 8414, else OpenID Connect Discovery), which must be of that very issuer.
 * @throws RemitError `upstream_unavailable`, or what `oauth4webapi` throws.
 */
export async function discoverIssuer(server: OAuthServer): Promise<Discovered> {
  const metadata = await resourceMetadata(server)
  const [named] = metadata.authorization_servers ?? []
  if (named === undefined) throw unfit(server, 'its metadata name no authorization server')
  const issuer = await issuerMetadata(server, new URL(named))
  for (const endpoint of [issuer.authorization_endpoint, issuer.token_endpoint]) {
    if (endpoint === undefined) throw unfit(server, `\`${named}\` has no authorization code flow`)
    checkScheme(new URL(endpoint), server.guard)
  }
  if (issuer.code_challenge_methods_supported?.includes('S256') !== true) {
    throw unfit(server, `\`${named}\` does not say that it checks PKCE (S256)`)
  }
  const scopes = server.scopes ?? metadata.scopes_supported
  const scope = scopes === undefined || scopes.length === 0 ? {} : { scope: scopes.join(' ') }
  return { issuer, resource: metadata.resource, ...scope }
}

async function resourceMetadata(server: OAuthServer): Promise<ResourceServer> {
  const url = new URL(server.url)
  for (const identifier of [url, new URL(url.origin)]) {
    const response = await resourceDiscoveryRequest(identifier, transportOf(server))
    if (response.status === 200) return processResourceDiscoveryResponse(identifier, response)
  }
  throw unfit(server, 'it publishes no protected resource metadata (RFC 9728)')
}

async function issuerMetadata(server: OAuthServer, issuer: URL): Promise<AuthorizationServer> {
  for (const algorithm of ['oauth2', 'oidc'] as const) {
    const response = await discoveryRequest(issuer, { ...transportOf(server), algorithm })
    if (response.status === 200) return processDiscoveryResponse(issuer, response)
  }
  throw unfit(server, `\`${issuer.href}\` publishes no metadata (RFC 8414)`)
}

function unfit({ key }: OAuthServer, why: string): RemitError {
  return new RemitError('upstream_unavailable', `\`${key}\` cannot be connected: ${why}`)
}

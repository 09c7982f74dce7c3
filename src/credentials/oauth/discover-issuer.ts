import {
  type AuthorizationServer,
  discoveryRequest,
  processDiscoveryResponse,
  processResourceDiscoveryResponse,
  resourceDiscoveryRequest,
  type ResourceServer,
} from 'oauth4webapi'
import { RemitError } from '../../core/errors.ts'
import { checkScheme, guardedFetch } from '../../net/guarded-fetch.ts'
import { askChallenge } from './ask-challenge.ts'
import { type OAuthServer, transportOf } from './oauth-server.ts'

/** Who issues tokens for a server, and what they must be for. */
export interface Discovered {
  readonly issuer: AuthorizationServer
  readonly resource: string
  /** To ask for; absent = whatever the issuer gives. */
  readonly scope?: string
}

/**
 * Protected resource metadata (RFC 9728): where the server's own 401 says that they are, else at the well-known places of
 * its URL and of its origin; then the metadata of the first
 * authorization server that they name (RFC 8414, else OpenID Connect Discovery), which must be of that very issuer.
 * @throws RemitError `upstream_unavailable`, or what `oauth4webapi` throws.
 */
export async function discoverIssuer(server: OAuthServer): Promise<Discovered> {
  const challenge = await askChallenge(server)
  const metadata = await resourceMetadata(server, challenge?.resourceMetadata)
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
  const scopes =
    server.scopes ?? withRefresh(challenge?.scope?.split(' ') ?? metadata.scopes_supported, issuer)
  const scope = scopes === undefined || scopes.length === 0 ? {} : { scope: scopes.join(' ') }
  return { issuer, resource: metadata.resource, ...scope }
}

/** Issuers that know `offline_access` give refresh tokens for it alone, and the gateway lives by them. */
function withRefresh(
  scopes: readonly string[] | undefined,
  { scopes_supported: known }: AuthorizationServer,
): readonly string[] | undefined {
  if (scopes === undefined || scopes.length === 0 || known?.includes('offline_access') !== true) return scopes
  return [...new Set([...scopes, 'offline_access'])]
}

async function resourceMetadata(server: OAuthServer, named: string | undefined): Promise<ResourceServer> {
  const url = new URL(server.url)
  if (named !== undefined) return namedMetadata(server, named)
  for (const identifier of [url, new URL(url.origin)]) {
    const response = await resourceDiscoveryRequest(identifier, transportOf(server))
    if (response.status === 200) return processResourceDiscoveryResponse(identifier, response)
  }
  throw unfit(server, 'it publishes no protected resource metadata (RFC 9728)')
}

/** They must be of this very server: of its URL, or of one that this lies under. */
async function namedMetadata(server: OAuthServer, named: string): Promise<ResourceServer> {
  if (!URL.canParse(named)) throw unfit(server, 'its 401 names metadata at something that is no URL')
  const response = await guardedFetch(named, { method: 'GET' }, server.guard)
  if (response.status !== 200) {
    throw unfit(server, `its metadata at \`${named}\` are answered with status ${response.status}`)
  }
  const { resource } = (await response.clone().json()) as { readonly resource?: unknown }
  if (typeof resource !== 'string' || !URL.canParse(resource) || !liesUnder(server.url, resource)) {
    throw unfit(server, `its metadata at \`${named}\` are of another server`)
  }
  return processResourceDiscoveryResponse(new URL(resource), response)
}

function liesUnder(server: string, resource: string): boolean {
  const [own, above] = [new URL(server), new URL(resource)]
  const path = above.pathname.replace(/\/$/, '')
  return own.origin === above.origin && (own.pathname === path || own.pathname.startsWith(`${path}/`))
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

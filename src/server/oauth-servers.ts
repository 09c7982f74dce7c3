import type { OAuthServer } from '../credentials/oauth/oauth-server.ts'
import { isLoopbackHost } from '../net/ip-ranges.ts'
import type { ServerSet } from './live-servers.ts'

/** A server of the configuration whose tokens belong to humans; undefined = it is none. */
export function oauthServer(
  { loaded, secrets }: ServerSet,
  key: string,
  ownPorts: () => ReadonlySet<number>,
): OAuthServer | undefined {
  const { servers } = loaded.config
  const server = Object.hasOwn(servers, key) ? servers[key] : undefined
  if (server?.oauth === undefined || server.url === undefined) return undefined
  const { scopes, clientId } = server.oauth
  const { clientSecret } = secrets[key] ?? {}
  // Only a server that itself is on this machine and without TLS may have its issuer there too.
  const url = new URL(server.url)
  const plainLoopback = url.protocol === 'http:' && isLoopbackHost(url.hostname)
  return {
    key,
    url: url.href,
    ...(scopes === undefined ? {} : { scopes }),
    ...(clientId === undefined ? {} : { clientId }),
    ...(clientSecret === undefined ? {} : { clientSecret }),
    guard: { allowPrivate: server.allowPrivate, plainLoopback, ownPorts },
  }
}

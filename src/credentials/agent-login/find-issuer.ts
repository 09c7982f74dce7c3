import type { AuthorizationServer, Client } from 'oauth4webapi'
import { discoverIssuer } from '../oauth/discover-issuer.ts'
import { type OAuthServer, transportOf } from '../oauth/oauth-server.ts'
import { RemitError } from '../../core/errors.ts'

/** A gateway as an agent's host knows it: by its URL, and what that says of itself. */
export interface KnownGateway {
  readonly url: string
  readonly resource: string
  readonly issuer: AuthorizationServer
}

/** A client that registered itself at a gateway. */
export interface GatewayClient {
  readonly gateway: KnownGateway
  readonly client: Client
}

/** The user named the gateway, so that it may be in a private network; plain HTTP is for this machine alone. */
function serverOf(url: string): OAuthServer {
  return { key: new URL(url).host, url, guard: { allowPrivate: true, plainLoopback: true } }
}

export function transportTo(url: string): ReturnType<typeof transportOf> {
  return transportOf(serverOf(url))
}

/** @throws RemitError `gateway_unreachable`. */
export async function findIssuer(url: string): Promise<KnownGateway> {
  try {
    const { issuer, resource } = await discoverIssuer(serverOf(url))
    return { url, resource, issuer }
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new RemitError('gateway_unreachable', `\`${url}\` cannot be logged in to: ${why}`, { cause })
  }
}

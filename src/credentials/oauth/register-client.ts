import {
  type AuthorizationServer,
  type Client,
  dynamicClientRegistrationRequest,
  processDynamicClientRegistrationResponse,
} from 'oauth4webapi'
import { RemitError } from '../../core/errors.ts'
import { type OAuthServer, transportOf } from './oauth-server.ts'

export interface RegisteredClient {
  readonly client: Client
  readonly secret?: string
}

/** The configured client, or one that is registered now (RFC 7591). @throws RemitError `upstream_unavailable`. */
export async function registerClient(
  server: OAuthServer,
  issuer: AuthorizationServer,
  redirect: string,
): Promise<RegisteredClient> {
  const { key, clientId, clientSecret } = server
  if (clientId !== undefined) {
    return {
      client: { client_id: clientId },
      ...(clientSecret === undefined ? {} : { secret: clientSecret }),
    }
  }
  if (issuer.registration_endpoint === undefined) {
    throw new RemitError(
      'upstream_unavailable',
      `\`${issuer.issuer}\` registers no clients by itself; register one there with the redirect URI \`${redirect}\` and write \`servers.${key}.oauth.clientId\``,
    )
  }
  const open = issuer.token_endpoint_auth_methods_supported?.includes('none') !== false
  const metadata = {
    client_name: 'Remit',
    redirect_uris: [redirect],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: open ? 'none' : 'client_secret_basic',
  }
  const response = await dynamicClientRegistrationRequest(issuer, metadata, transportOf(server))
  const made = await processDynamicClientRegistrationResponse(response)
  const { client_id, client_secret: secret, token_endpoint_auth_method } = made
  const client: Client = {
    client_id,
    ...(token_endpoint_auth_method === undefined ? {} : { token_endpoint_auth_method }),
  }
  return { client, ...(typeof secret === 'string' ? { secret } : {}) }
}

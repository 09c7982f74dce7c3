import {
  type AuthorizationServer,
  type Client,
  dynamicClientRegistrationRequest,
  processDynamicClientRegistrationResponse,
} from 'oauth4webapi'
import { RemitError } from '../../core/errors.ts'
import { type ClientDocument, clientWords } from './client-document.ts'
import { type OAuthServer, transportOf } from './oauth-server.ts'

export interface RegisteredClient {
  readonly client: Client
  readonly secret?: string
}

/**
 * The configured client; else the gateway's published document, where the issuer reads such; else one that is registered
 * now (RFC 7591). @throws RemitError `upstream_unavailable`.
 */
export async function registerClient(
  server: OAuthServer,
  issuer: AuthorizationServer,
  { redirect, document }: { readonly redirect: string; readonly document?: ClientDocument | undefined },
): Promise<RegisteredClient> {
  const { key, clientId, clientSecret } = server
  if (clientId !== undefined) {
    return {
      client: { client_id: clientId },
      ...(clientSecret === undefined ? {} : { secret: clientSecret }),
    }
  }
  if (document !== undefined && issuer['client_id_metadata_document_supported'] === true) {
    const { client_id, token_endpoint_auth_method } = document
    return { client: { client_id, token_endpoint_auth_method } }
  }
  if (issuer.registration_endpoint === undefined) {
    throw new RemitError(
      'upstream_unavailable',
      `\`${issuer.issuer}\` registers no clients by itself; register one there with the redirect URI \`${redirect}\` and write \`servers.${key}.oauth.clientId\``,
    )
  }
  const open = issuer.token_endpoint_auth_methods_supported?.includes('none') !== false
  const metadata = {
    ...clientWords(redirect),
    token_endpoint_auth_method: open ? 'none' : 'client_secret_basic',
  }
  const response = await dynamicClientRegistrationRequest(issuer, metadata, transportOf(server))
  const made = await processDynamicClientRegistrationResponse(await withExpiry(response))
  const { client_id, client_secret: secret, token_endpoint_auth_method } = made
  const client: Client = {
    client_id,
    ...(token_endpoint_auth_method === undefined ? {} : { token_endpoint_auth_method }),
  }
  return { client, ...(typeof secret === 'string' ? { secret } : {}) }
}

/** Servers exist that leave out when their secret ends, which they must say (RFC 7591 §3.2.1): then it does not. */
async function withExpiry(response: Response): Promise<Response> {
  if (response.status !== 201) return response
  const made: unknown = await response.clone().json()
  if (typeof made !== 'object' || made === null || !('client_secret' in made)) return response
  if ('client_secret_expires_at' in made) return response
  const { status, headers } = response
  return new Response(JSON.stringify({ ...made, client_secret_expires_at: 0 }), { status, headers })
}

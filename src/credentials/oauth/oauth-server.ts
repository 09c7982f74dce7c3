import {
  allowInsecureRequests,
  type AuthorizationServer,
  type Client,
  type ClientAuth,
  ClientSecretPost,
  customFetch,
  None,
} from 'oauth4webapi'
import { RemitError } from '../../core/errors.ts'
import { type GuardedFetchOptions, type GuardedRequest, guardedFetch } from '../../net/guarded-fetch.ts'

/** A server whose tokens belong to humans, as configuration describes it. */
export interface OAuthServer {
  readonly key: string
  readonly url: string
  /** Absent = what its metadata name. */
  readonly scopes?: readonly string[]
  /** Absent = the gateway registers itself (RFC 7591). */
  readonly clientId?: string
  readonly clientSecret?: string
  readonly guard: GuardedFetchOptions
}

/** How `oauth4webapi` speaks to others: through the gateway's own guard, which rules what may be reached and how. */
export function transportOf({ guard }: OAuthServer) {
  return {
    [customFetch]: (url: string, options: object) => guardedFetch(url, options as GuardedRequest, guard),
    // The guard decides about `http:`; nothing but this machine is spoken to without TLS.
    [allowInsecureRequests]: guard.plainLoopback === true,
  }
}

/** How the client proves itself; one without a secret is public. */
export function clientAuth(
  issuer: AuthorizationServer,
  client: Client,
  secret: string | undefined,
): ClientAuth {
  if (secret === undefined) return None()
  const said = client.token_endpoint_auth_method
  const known = issuer.token_endpoint_auth_methods_supported
  const post =
    said === 'client_secret_post' || (said === undefined && known?.includes('client_secret_basic') === false)
  return post ? ClientSecretPost(secret) : secretBasic(secret)
}

/**
 * RFC 6749 §2.3.1. `-`, `.`, `_` and `*` stay as they are: whoever decodes gets the same, and servers exist that do not
 * decode.
 */
function secretBasic(secret: string): ClientAuth {
  return (_issuer, { client_id }, _body, headers) => {
    const pair = [client_id, secret].map(formEncode).join(':')
    headers.set('authorization', `Basic ${Buffer.from(pair).toString('base64')}`)
  }
}

/** `application/x-www-form-urlencoded`. */
function formEncode(text: string): string {
  return new URLSearchParams([['', text]]).toString().slice(1)
}

/** Whatever an authorization server did, as something that may be shown. */
export function oauthFailure(server: string, what: string, thrown: unknown): RemitError {
  if (thrown instanceof RemitError) return thrown
  const { error, error_description: more } = thrown as { error?: unknown; error_description?: unknown }
  const said = typeof error === 'string' ? error : thrown instanceof Error ? thrown.message : String(thrown)
  const detail = typeof more === 'string' ? `${said}: ${more}` : said
  return new RemitError('upstream_unavailable', `${what} for \`${server}\` failed: ${said.slice(0, 200)}`, {
    detail,
    cause: thrown,
  })
}

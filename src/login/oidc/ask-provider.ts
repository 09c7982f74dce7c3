import {
  allowInsecureRequests,
  type Client,
  type ClientAuth,
  ClientSecretBasic,
  ClientSecretPost,
  clockTolerance,
  customFetch,
  None,
  type AuthorizationServer,
} from 'oauth4webapi'
import { RemitError } from '../../core/errors.ts'
import { type GuardedRequest, guardedFetch } from '../../net/guarded-fetch.ts'
import type { IdentityProvider } from './identity-provider.ts'

/** Seconds that its clock and ours may be apart. */
const SKEW = 60

/** How `oauth4webapi` speaks to it: through the gateway's own guard, which rules what may be reached and how. */
export function transportTo({ guard }: IdentityProvider) {
  return {
    [customFetch]: (url: string, options: object) => guardedFetch(url, options as GuardedRequest, guard),
    // The guard decides about `http:`; nothing but this machine is spoken to without TLS.
    [allowInsecureRequests]: guard.plainLoopback === true,
  }
}

export function clientOf({ clientId, maxAge }: IdentityProvider): Client {
  return {
    client_id: clientId,
    [clockTolerance]: SKEW,
    ...(maxAge === undefined ? {} : { default_max_age: maxAge }),
  }
}

/** @throws RemitError `upstream_unavailable` where its secret cannot be had. */
export function clientAuth(
  { clientSecret }: IdentityProvider,
  { token_endpoint_auth_methods_supported: known }: AuthorizationServer,
): ClientAuth {
  const secret = clientSecret()
  if (secret === undefined) return None()
  return known?.includes('client_secret_basic') === false
    ? ClientSecretPost(secret)
    : ClientSecretBasic(secret)
}

/** Whatever came of asking it, as something that its people may be shown. */
export function providerFailure({ label }: IdentityProvider, what: string, thrown: unknown): RemitError {
  if (thrown instanceof RemitError && thrown.code !== 'upstream_unavailable') return thrown
  const { error, error_description: more, code } = thrown as Partial<Record<string, unknown>>
  const said = thrown instanceof Error ? thrown.message : String(thrown)
  const detail = [said, error, more, code].filter((each) => typeof each === 'string').join(': ')
  const words =
    typeof error === 'string' ? error.slice(0, 60).replaceAll(/[^\w .-]/g, '?') : said.slice(0, 200)
  const unreachable = thrown instanceof RemitError
  return new RemitError(
    unreachable ? 'upstream_unavailable' : 'provider_refused',
    `${what} with \`${label}\` failed: ${words}; try again, and tell whoever runs this gateway if it stays so`,
    { detail, cause: thrown },
  )
}

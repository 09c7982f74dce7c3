import { type AuthorizationServer, discoveryRequest, processDiscoveryResponse } from 'oauth4webapi'
import { RemitError } from '../../core/errors.ts'
import { checkScheme } from '../../net/guarded-fetch.ts'
import { transportTo } from './ask-provider.ts'
import type { IdentityProvider } from './identity-provider.ts'

/** Asymmetric ones alone: with a shared secret whoever could verify could sign, and `none` is no signature. */
const ALGORITHMS: ReadonlySet<string> = new Set([
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
])
/** What every provider must be able to (OpenID Connect Core §15.1), where it says nothing. */
const USUAL = ['RS256']

/**
 * What a provider says of itself (OpenID Connect Discovery §4): of that very issuer, with all that logging in needs and
 * nothing more.
 * @throws RemitError `upstream_unavailable`, or what `oauth4webapi` throws.
 */
export async function discoverProvider(provider: IdentityProvider): Promise<AuthorizationServer> {
  const issuer = new URL(provider.issuer)
  const response = await discoveryRequest(issuer, { ...transportTo(provider), algorithm: 'oidc' })
  const found = await processDiscoveryResponse(issuer, response)
  const { authorization_endpoint, token_endpoint, jwks_uri, userinfo_endpoint } = found
  for (const [name, url] of Object.entries({ authorization_endpoint, token_endpoint, jwks_uri })) {
    if (url === undefined) throw unfit(`its metadata name no \`${name}\``)
    checkScheme(new URL(url), provider.guard)
  }
  const said = found.id_token_signing_alg_values_supported ?? USUAL
  const algorithms = said.filter((algorithm) => ALGORITHMS.has(algorithm))
  if (algorithms.length === 0) throw unfit('it signs with none of the algorithms that prove anything')
  const { token_endpoint_auth_methods_supported: methods } = found
  const { authorization_response_iss_parameter_supported: iss } = found
  return {
    issuer: found.issuer,
    ...(authorization_endpoint === undefined ? {} : { authorization_endpoint }),
    ...(token_endpoint === undefined ? {} : { token_endpoint }),
    ...(jwks_uri === undefined ? {} : { jwks_uri }),
    ...(userinfo_endpoint === undefined ? {} : { userinfo_endpoint }),
    ...(methods === undefined ? {} : { token_endpoint_auth_methods_supported: methods }),
    ...(iss === undefined ? {} : { authorization_response_iss_parameter_supported: iss }),
    id_token_signing_alg_values_supported: algorithms,
  }
}

function unfit(why: string): RemitError {
  return new RemitError('upstream_unavailable', why)
}

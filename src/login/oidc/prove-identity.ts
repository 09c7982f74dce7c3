import {
  authorizationCodeGrantRequest,
  getValidatedIdTokenClaims,
  processAuthorizationCodeResponse,
  processUserInfoResponse,
  userInfoRequest,
  validateApplicationLevelSignature,
  validateAuthResponse,
} from 'oauth4webapi'
import { RemitError } from '../../core/errors.ts'
import { claimTexts } from '../../identity/claim-rules.ts'
import { clientAuth, clientOf, providerFailure, transportTo } from './ask-provider.ts'
import type { IdentityProvider } from './identity-provider.ts'
import type { ReturnedLogin } from './pending-logins.ts'

/** Somebody of whom a provider says who they are, and what it says of them. */
export interface ProvedIdentity {
  readonly provider: IdentityProvider
  readonly issuer: string
  readonly subject: string
  readonly claims: Claims
}

type Claims = Readonly<Record<string, unknown>>

/**
 * What came back, checked, and exchanged for an ID token (OpenID Connect Core §3.1.3.7): of this login's state, issuer
 * (RFC 9207), verifier, nonce and client, signed with a key that the issuer publishes now.
 * @throws RemitError `provider_refused`, `upstream_unavailable`.
 */
export async function proveIdentity(
  provider: IdentityProvider,
  login: ReturnedLogin,
  redirect: string,
): Promise<ProvedIdentity> {
  try {
    return await prove(provider, login, redirect)
  } catch (thrown) {
    throw providerFailure(provider, 'logging in', thrown)
  }
}

async function prove(
  provider: IdentityProvider,
  login: ReturnedLogin,
  redirect: string,
): Promise<ProvedIdentity> {
  const { issuer, nonce, verifier } = login
  const client = clientOf(provider)
  const transport = transportTo(provider)
  const params = validateAuthResponse(issuer, client, new URLSearchParams(login.params), login.state)
  const auth = clientAuth(provider, issuer)
  const answer = await authorizationCodeGrantRequest(
    issuer,
    client,
    auth,
    params,
    redirect,
    verifier,
    transport,
  )
  const tokens = await processAuthorizationCodeResponse(issuer, client, answer, {
    expectedNonce: nonce,
    requireIdToken: true,
    ...(provider.maxAge === undefined ? {} : { maxAge: provider.maxAge }),
  })
  // Also over TLS: what an intermediary or a confused token endpoint gave is not what the issuer signed.
  await validateApplicationLevelSignature(issuer, answer, transport)
  const said = getValidatedIdTokenClaims(tokens)
  if (said === undefined) throw new RemitError('provider_refused', 'no ID token came')
  const more = await moreClaims(provider, login, { said, token: tokens.access_token })
  return { provider, issuer: issuer.issuer, subject: said.sub, claims: joinClaims(said, more) }
}

/** What the issuer signed counts before what its userinfo adds. That an address is verified is said of one address. */
export function joinClaims(signed: Claims, more: Claims): Claims {
  const { email, email_verified: verified, ...rest } = more
  if (signed['email'] === undefined) {
    const { email_verified: _of, ...others } = signed
    return { ...rest, email, email_verified: verified, ...others }
  }
  return { ...rest, ...(email === signed['email'] ? { email_verified: verified } : {}), ...signed }
}

/** Of the same person, where the ID token does not say all that is looked for. */
async function moreClaims(
  provider: IdentityProvider,
  { issuer }: ReturnedLogin,
  { said, token }: { readonly said: { readonly sub: string }; readonly token: string },
): Promise<Claims> {
  const wanted = wantedClaims(provider)
  const lacks = wanted.some((name) => claimTexts(said, name).length === 0)
  if (issuer.userinfo_endpoint === undefined || !lacks) return {}
  const client = clientOf(provider)
  const response = await userInfoRequest(issuer, client, token, transportTo(provider))
  return processUserInfoResponse(issuer, client, said.sub, response)
}

function wantedClaims({ idClaim, groupsClaim, groups, domains, teams, roles }: IdentityProvider) {
  const asksGroups = groups !== undefined || teams.size > 0 || roles.size > 0
  const asksEmail = domains !== undefined || idClaim === 'email'
  return [idClaim, ...(asksGroups ? [groupsClaim] : []), ...(asksEmail ? ['email', 'email_verified'] : [])]
}

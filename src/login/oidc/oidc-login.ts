import {
  type AuthorizationServer,
  calculatePKCECodeChallenge,
  generateRandomCodeVerifier,
  generateRandomNonce,
  generateRandomState,
} from 'oauth4webapi'
import { RemitError } from '../../core/errors.ts'
import type { HumanId } from '../../core/ids.ts'
import { equalSecrets } from '../../net/constant-time.ts'
import { digestOf } from '../entries.ts'
import type { LoginDeps } from '../login-deps.ts'
import type { RequestKey } from '../request-key.ts'
import { providerFailure } from './ask-provider.ts'
import { discoverProvider } from './discover-provider.ts'
import type { IdentityProvider } from './identity-provider.ts'
import { isIssuer } from './is-issuer.ts'
import { linkPerson } from './link-person.ts'
import { type LinkedPerson, listLinks } from './list-links.ts'
import { type PendingLogin, PendingLogins } from './pending-logins.ts'
import { proveIdentity } from './prove-identity.ts'
import { unlinkPerson } from './unlink-person.ts'

/** Milliseconds to log in at a provider. */
const LIFE = 600_000
/** Begun at one gateway within that time, by whoever asks. */
const MOST = 5_000
/** Milliseconds for which what a provider said of itself is not asked again for somebody who begins. */
const FRESH = 60_000
const STATE = /^[\w-]{43}$/

/** What a login is begun with at a provider. */
export interface StartedTrip {
  /** Where the browser goes. */
  readonly url: string
  /** What goes into the cookie of the trip. */
  readonly secret: string
}

/**
 * Logging in with an OpenID provider: authorization code with PKCE, nonce and state, in three steps. A page begins it and
 * is given a cookie; the browser comes back with that cookie; the page whose key began it finishes it. The second step, a
 * link that anybody can make somebody follow, opens no session, and neither of the others works elsewhere.
 */
export class OidcLogin {
  readonly #deps: LoginDeps
  readonly #pending: PendingLogins
  readonly #metadata = new Map<string, { readonly at: number; readonly issuer: AuthorizationServer }>()
  #begun: readonly number[] = []

  constructor(deps: LoginDeps) {
    this.#deps = deps
    this.#pending = new PendingLogins(deps)
  }

  get providers(): readonly IdentityProvider[] {
    return [...this.#deps.identityProviders.values()]
  }

  /** @throws RemitError `not_found`, `upstream_unavailable`, `provider_refused`, `overloaded`. */
  async start(name: string, key: RequestKey): Promise<StartedTrip> {
    const provider = this.#deps.identityProviders.get(name)
    if (provider === undefined) throw new RemitError('not_found', `nobody logs in here with \`${name}\``)
    this.#countBegun()
    const { entropy, clock } = this.#deps
    const secret = Buffer.from(entropy.bytes(32)).toString('base64url')
    const login: PendingLogin = {
      provider: name,
      issuer: await this.#discovered(provider),
      state: generateRandomState(),
      nonce: generateRandomNonce(),
      verifier: generateRandomCodeVerifier(),
      key,
      trip: digestOf(secret),
      ends: clock.now() + LIFE,
    }
    await this.#pending.begin(login)
    return { url: await authorizationUrl(provider, login, this.#redirect(name)), secret }
  }

  /**
   * A browser came back. Nothing is asked for yet: whatever it brought, the page that began it is to hear of it.
   * @param secret of the cookie. @throws RemitError `login_closed`.
   */
  async comeBack(name: string, params: URLSearchParams, secret: string | undefined): Promise<void> {
    const state = params.get('state') ?? ''
    const login = STATE.test(state) ? await this.#pending.waiting(state) : undefined
    const own = secret !== undefined && login !== undefined && equalSecrets(digestOf(secret), login.trip)
    // Each provider has a way back of its own: what one answered is never taken for the answer of another (RFC 9700 §4.4).
    if (!own || login.provider !== name) throw closed()
    if (!(await this.#pending.comeBack({ ...login, params: params.toString() }))) throw closed()
  }

  /**
   * @param secret of the cookie. @param key whose signature the request has.
   * @returns who they are. @throws RemitError `login_closed`, `provider_refused`, `login_refused`, `upstream_unavailable`.
   */
  async finish(secret: string | undefined, key: RequestKey): Promise<HumanId> {
    const login = secret === undefined ? undefined : await this.#pending.returned(digestOf(secret))
    if (login === undefined || login.key.x !== key.x || login.key.y !== key.y) throw closed()
    const provider = this.#deps.identityProviders.get(login.provider)
    // The configuration of the gateway that finishes may be another one.
    if (provider === undefined || !isIssuer(provider.issuer, login.issuer.issuer)) {
      throw closed()
    }
    if (!(await this.#pending.finish(login))) throw closed()
    const proved = await proveIdentity(provider, login, this.#redirect(login.provider))
    return linkPerson(this.#deps, proved)
  }

  /** Everybody whom a provider ever logged in, also those who do not count now. */
  people(): Promise<readonly LinkedPerson[]> {
    return listLinks(this.#deps)
  }

  /** @param by who does it. @throws RemitError `not_found`. */
  unlink(human: string, by: HumanId): Promise<void> {
    return unlinkPerson(this.#deps, human, by)
  }

  #redirect(name: string): string {
    return `${this.#deps.adminUrl}/login/oidc/${name}/callback`
  }

  async #discovered(provider: IdentityProvider): Promise<AuthorizationServer> {
    const now = this.#deps.clock.now()
    const known = this.#metadata.get(provider.name)
    if (known !== undefined && now - known.at < FRESH) return known.issuer
    try {
      const issuer = await discoverProvider(provider)
      this.#metadata.set(provider.name, { at: now, issuer })
      return issuer
    } catch (thrown) {
      throw providerFailure(provider, 'logging in', thrown)
    }
  }

  #countBegun(): void {
    const now = this.#deps.clock.now()
    this.#begun = this.#begun.filter((at) => at + LIFE > now)
    if (this.#begun.length >= MOST) {
      throw new RemitError('overloaded', 'too many people are logging in; try again in ten minutes')
    }
    this.#begun = [...this.#begun, now]
  }
}

async function authorizationUrl(
  { clientId, scopes, maxAge }: IdentityProvider,
  { issuer, state, nonce, verifier }: PendingLogin,
  redirect: string,
): Promise<string> {
  const url = new URL(issuer.authorization_endpoint ?? '')
  const query = {
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirect,
    scope: scopes.join(' '),
    state,
    nonce,
    code_challenge: await calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    ...(maxAge === undefined ? {} : { max_age: String(maxAge) }),
  }
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
  return url.href
}

function closed(): RemitError {
  return new RemitError(
    'login_closed',
    'this login was finished, is too old or was begun elsewhere; start again at /login',
  )
}

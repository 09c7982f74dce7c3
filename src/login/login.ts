import type { Assertion } from '../core/assertion.ts'
import { asRemitError, RemitError } from '../core/errors.ts'
import type { HumanId } from '../core/ids.ts'
import type { Human } from '../core/identity.ts'
import type { Json } from '../core/json.ts'
import type { Actor } from '../gate/administration.ts'
import { Invitations } from './invitations.ts'
import type { LoginDeps } from './login-deps.ts'
import { LoginFailures } from './login-failures.ts'
import { OidcLogin } from './oidc/oidc-login.ts'
import { Passkeys } from './passkeys.ts'
import { type Replacement, replaceAll, voidRecoveries } from './recovery.ts'
import type { RequestKey } from './request-key.ts'
import { type LoginMethod, type LoginSession, LoginSessions } from './sessions.ts'

/** The browser that logs in. */
export interface Browser {
  readonly key: RequestKey
  /** Its `User-Agent`. */
  readonly agent: string
}

/** Begun, with what goes into the cookie. */
export interface BegunLogin {
  readonly session: LoginSession
  readonly secret: string
}

export type AuthenticateCode = (authorization: string) => Promise<Actor>

/** How people come in through a browser. Whatever they come with, the session is bound to a key of that browser. */
export class Login {
  readonly deps: LoginDeps
  readonly sessions: LoginSessions
  readonly passkeys: Passkeys
  readonly invitations: Invitations
  readonly oidc: OidcLogin
  readonly #authenticate: AuthenticateCode
  readonly #failures: LoginFailures

  /** @param authenticate proves an approver code. */
  constructor(deps: LoginDeps, authenticate: AuthenticateCode) {
    this.deps = deps
    this.sessions = new LoginSessions(deps)
    this.passkeys = new Passkeys(deps)
    this.invitations = new Invitations(deps, this.passkeys)
    this.oidc = new OidcLogin(deps)
    this.#authenticate = authenticate
    this.#failures = new LoginFailures(deps)
  }

  /** @throws RemitError `credential_invalid`, `login_refused` where a passkey is demanded. */
  withCode(code: string, browser: Browser): Promise<BegunLogin> {
    return this.#begin('code', browser, async () => {
      const human = await this.#humanOfCode(code)
      if (this.deps.require === 'passkey' && (await this.passkeys.list(human.id)).length > 0) {
        throw new RemitError(
          'login_refused',
          'this gateway wants your passkey; codes are for the command line',
        )
      }
      return human.id
    })
  }

  /** @throws RemitError `passkey_refused`. */
  withPasskey(response: Json | undefined, browser: Browser): Promise<BegunLogin> {
    return this.#begin('passkey', browser, async () => {
      const { id } = await this.passkeys.login(response)
      await voidRecoveries(this.deps, id)
      return id
    })
  }

  /** A browser came back from a provider, to finish later. @throws RemitError `login_closed`. */
  async comeBack(name: string, params: URLSearchParams, trip: string | undefined): Promise<void> {
    try {
      await this.oidc.comeBack(name, params, trip)
    } catch (thrown) {
      await this.#failed('oidc', thrown)
      throw thrown
    }
  }

  /**
   * Whoever came back from a provider. @param trip what is in the cookie of the trip.
   * @throws RemitError `login_closed`, `provider_refused`, `login_refused`, `upstream_unavailable`.
   */
  withProvider(trip: string | undefined, browser: Browser): Promise<BegunLogin> {
    return this.#begin('oidc', browser, () => this.oidc.finish(trip, browser.key))
  }

  /** Uses an invitation up: its human has a passkey from now on, and no other where it replaces them. @throws RemitError `invitation_closed`, `passkey_refused`. */
  withLink(
    secret: string,
    made: { readonly response: Json | undefined; readonly name: string },
    browser: Browser,
  ): Promise<BegunLogin> {
    return this.#begin('link', browser, async () => {
      const invitation = await this.invitations.open(secret)
      const enrolment = { ...made, subject: invitation.id, by: invitation.by }
      const { id } = invitation.human
      const { records, changes }: Replacement = invitation.recovers
        ? await replaceAll(this.deps, id, invitation.by)
        : { records: [], changes: [] }
      await this.passkeys.enrol(invitation.human, enrolment, {
        records,
        changes: [invitation.useUp, ...changes],
      })
      return id
    })
  }

  /**
   * That it is really them, now: the code typed once more. Only for who has no passkey.
   * @throws RemitError `credential_invalid`, `step_up_needed`.
   */
  async confirmCode(human: HumanId, code: string): Promise<void> {
    if (this.deps.require === 'passkey' || (await this.passkeys.list(human)).length > 0) {
      throw new RemitError('step_up_needed', 'this wants your passkey, not a code')
    }
    const confirmed = await this.#humanOfCode(code)
    if (confirmed.id !== human)
      throw new RemitError('credential_invalid', 'this code is not yours; type it again')
  }

  /** The same with a passkey over exactly this. @throws RemitError `passkey_refused`, `input_invalid`. */
  async confirmPasskey(human: HumanId, digest: string, response: Json): Promise<Assertion> {
    try {
      return await this.passkeys.stepUp(human, digest, response)
    } catch (thrown) {
      const { code, status } = asRemitError(thrown)
      if (status < 500) await this.#failures.record({ method: 'passkey', reason: code, human })
      throw thrown
    }
  }

  /** Credentials are changed only soon after proving who one is. @throws RemitError `login_stale`. */
  requireFresh({ began }: LoginSession): void {
    if (this.deps.clock.now() - began < this.deps.limits.fresh) return
    throw new RemitError(
      'login_stale',
      'log out and in again first: credentials change only just after a login',
    )
  }

  /**
   * Who may change passkeys in this session: whoever came just now, and whom a provider let in only while there is no passkey;
   * its word is not to make one beside those with which a human signs.
   * @throws RemitError `login_stale`, `passkey_refused`.
   */
  async requireForPasskeys(session: LoginSession): Promise<void> {
    this.requireFresh(session)
    if (session.method !== 'oidc' || (await this.passkeys.list(session.human.id)).length === 0) return
    throw new RemitError(
      'passkey_refused',
      'you have a passkey; log in with it to add or remove others. If it is lost, whoever runs this gateway can unlink you',
    )
  }

  /** Who acts through a session. @throws RemitError `login_refused` for a code where passkeys are demanded. */
  actorOf({ id, human, method }: LoginSession): Actor {
    if (this.deps.require === 'passkey' && method === 'code') {
      throw new RemitError('login_refused', 'enrol a passkey at /login, and log in with it')
    }
    return { human, credential: 'approver', session: id }
  }

  async #humanOfCode(code: string): Promise<Human> {
    const actor = await this.#authenticate(`Bearer ${code === '' ? '-' : code}`)
    // What lies on the disk proves no human, and a code for one task gives no other.
    if (actor.credential === 'approver' && actor.onlyTask === undefined) return actor.human
    throw new RemitError('credential_invalid', 'this credential opens no session; use your approver code')
  }

  async #begin(method: LoginMethod, browser: Browser, prove: () => Promise<HumanId>): Promise<BegunLogin> {
    try {
      const human = await prove()
      return await this.sessions.begin({ human, method, key: browser.key, browser: browser.agent })
    } catch (thrown) {
      await this.#failed(method, thrown)
      throw thrown
    }
  }

  async #failed(method: LoginMethod, thrown: unknown): Promise<void> {
    const { code, status } = asRemitError(thrown)
    if (status < 500) await this.#failures.record({ method, reason: code })
  }
}

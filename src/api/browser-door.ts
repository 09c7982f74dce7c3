import type { IncomingMessage } from 'node:http'
import { RemitError } from '../core/errors.ts'
import type { Human } from '../core/identity.ts'
import type { Actor } from '../gate/administration.ts'
import type { Login } from '../login/login.ts'
import type { RequestKey } from '../login/request-key.ts'
import { type SignedRequest, verifyProof } from '../login/request-proof.ts'
import type { SessionCookie } from '../login/session-cookie.ts'
import type { LoginSession } from '../login/sessions.ts'

/**
 * Knows browsers by their session. The cookie alone, which other ports of the host see too, shows pages and nothing else:
 * whatever answers with data or changes something wants the signature of the page that logged in.
 */
export class BrowserDoor {
  readonly login: Login
  readonly cookie: SessionCookie
  /** Of a login that is on its way to a provider and back. */
  readonly trip: SessionCookie
  /** Path below which browsers know the plane, which is not in the targets that it sees. */
  readonly #base: string

  constructor(login: Login, cookies: Pick<BrowserDoor, 'cookie' | 'trip'>, base: string) {
    this.#base = base
    this.login = login
    this.cookie = cookies.cookie
    this.trip = cookies.trip
  }

  /** Whether a session’s cookie came, good or not. */
  comes({ headers }: IncomingMessage): boolean {
    return this.cookie.read(headers.cookie) !== undefined
  }

  /** Who the cookie names; proves nothing. */
  async glance({ headers }: IncomingMessage): Promise<LoginSession | undefined> {
    const secret = this.cookie.read(headers.cookie)
    return secret === undefined ? undefined : this.login.sessions.find(secret)
  }

  /**
   * Whether somebody still is who they were when they began to listen: known, in the same roles and teams, and in a
   * session that goes on, where they act in one.
   */
  async holds({ human, session, onlyTask }: Actor): Promise<boolean> {
    const { humans } = this.login.deps
    // Another replica may have been told something else of them.
    await humans.catchUp?.()
    // A code for one task may be of somebody who exists for that task alone.
    if (onlyTask === undefined && !sameGroups(humans.find(human.tenant, human.id), human)) return false
    if (session === undefined) return true
    const open = await this.login.sessions.list(human.id)
    return open.some(({ id }) => id === session)
  }

  /** @throws RemitError `login_needed`, `signature_invalid`, `signature_replayed`. */
  async prove(request: IncomingMessage, body: Uint8Array): Promise<LoginSession> {
    const session = await this.glance(request)
    if (session === undefined) {
      throw new RemitError('login_needed', 'your session has ended; log in again at /login')
    }
    await this.proveKey(request, body, session.key)
    return session
  }

  /** That the request is by the holder of this key. @throws RemitError `signature_invalid`, `signature_replayed`. */
  proveKey(request: IncomingMessage, body: Uint8Array, key: RequestKey): Promise<void> {
    return verifyProof(this.login.deps, key, signedRequest(request, body, this.#base))
  }
}

function sameGroups(now: Human | undefined, then: Human): boolean {
  return now !== undefined && sameWords(now.roles, then.roles) && sameWords(now.teams, then.teams)
}

function sameWords(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((word) => others.includes(word))
}

function signedRequest(
  { method, url, headers }: IncomingMessage,
  body: Uint8Array,
  base: string,
): SignedRequest {
  const one = (name: string): string | undefined => {
    const value = headers[name]
    return typeof value === 'string' ? value : undefined
  }
  return {
    method: method ?? '',
    authority: headers.host ?? '',
    target: base + (url ?? ''),
    body,
    contentDigest: one('content-digest'),
    signatureInput: one('signature-input'),
    signature: one('signature'),
  }
}

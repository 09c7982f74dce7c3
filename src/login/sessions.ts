import { RemitError } from '../core/errors.ts'
import type { HumanId } from '../core/ids.ts'
import type { Human } from '../core/identity.ts'
import { digestOf, type Entry, listEntries, putEntry, readEntry, useUp } from './entries.ts'
import type { LoginDeps } from './login-deps.ts'
import { loginRecord } from './login-records.ts'
import type { RequestKey } from './request-key.ts'

export type LoginMethod = 'code' | 'passkey' | 'link' | 'oidc'

interface SessionBody {
  readonly method: LoginMethod
  /** Public half of the key that the browser made for this session and cannot give away. */
  readonly key: RequestKey
  /** Milliseconds since the epoch: when they proved who they are, and when they were last here. */
  readonly began: number
  readonly seen: number
  /** What the browser says of itself, shortened: helps a human to tell their sessions apart. */
  readonly browser: string
}

/** Somebody who is logged in, in one browser. */
export interface LoginSession extends SessionBody {
  /** Digest of the cookie’s value: names the session, and opens nothing. */
  readonly id: string
  readonly human: Human
  readonly expires: number
}

/** Times are written again at most so often, in milliseconds. */
const TOUCH = 60_000

/** Sessions of people, on every replica the same; ended by time without a request, by age, by their human or an admin. */
export class LoginSessions {
  readonly #deps: LoginDeps

  constructor(deps: LoginDeps) {
    this.#deps = deps
  }

  /** A new id with every login, whatever cookie came. @returns the session and what goes into the cookie. */
  async begin(login: {
    readonly human: HumanId
    readonly method: LoginMethod
    readonly key: RequestKey
    readonly browser: string
  }): Promise<{ readonly session: LoginSession; readonly secret: string }> {
    const { clock, entropy, journal } = this.#deps
    const secret = Buffer.from(entropy.bytes(32)).toString('base64url')
    const now = clock.now()
    const { human, method, key } = login
    const body = { method, key, began: now, seen: now, browser: login.browser.slice(0, 200) }
    const id = digestOf(secret)
    const expires = this.#expires(body)
    this.#human(human)
    await journal.commit({
      records: [loginRecord(this.#deps, 'login.succeeded', { human, data: { session: id, method } })],
      changes: [putEntry(this.#deps, 'session', { id, human, expires, body })],
    })
    // Somebody who was unlinked meanwhile takes this session along: it would be that of whoever gets the name next.
    await this.#deps.humans.catchUp?.()
    if (this.#deps.humans.find(this.#deps.tenant, human) === undefined) {
      await journal.commit({ records: [], changes: [useUp(this.#deps, 'session', id)] })
    }
    return { session: { ...body, id, human: this.#human(human), expires }, secret }
  }

  /** Undefined = nobody: no such session, ended, too old, or of a human who is not known any more. */
  async find(secret: string): Promise<LoginSession | undefined> {
    // Another replica may have been told something else of them.
    await this.#deps.humans.catchUp?.()
    const found = await readEntry<SessionBody>(this.#deps, 'session', digestOf(secret))
    const session = found === undefined ? undefined : this.#sessionOf(found)
    if (session === undefined) return undefined
    await this.#touch(session)
    return session
  }

  async list(human: HumanId): Promise<readonly LoginSession[]> {
    const found = await listEntries<SessionBody>(this.#deps, 'session', human)
    return found.flatMap((entry) => this.#sessionOf(entry) ?? [])
  }

  /** Ends it for good. @throws RemitError `session_not_found`, also for a session of somebody else. */
  async end(human: HumanId, id: string): Promise<void> {
    const found = await readEntry<SessionBody>(this.#deps, 'session', id)
    const result =
      found?.human === human
        ? await this.#deps.journal.commit({
            records: [loginRecord(this.#deps, 'login.ended', { human, data: { session: id } })],
            changes: [useUp(this.#deps, 'session', id)],
          })
        : 'conflict'
    if (result === 'conflict') throw new RemitError('session_not_found', 'you have no such session')
  }

  #sessionOf({ id, human, expires, body }: Entry<SessionBody>): LoginSession | undefined {
    const known = this.#deps.humans.find(this.#deps.tenant, human as HumanId)
    return known === undefined ? undefined : { ...body, id, human: known, expires }
  }

  #human(id: HumanId): Human {
    const known = this.#deps.humans.find(this.#deps.tenant, id)
    if (known !== undefined) return known
    throw new RemitError('login_refused', `\`${id}\` is not known here any more`)
  }

  async #touch({ id, human, method, key, began, seen, browser }: LoginSession): Promise<void> {
    const now = this.#deps.clock.now()
    if (now - seen < TOUCH) return
    const body: SessionBody = { method, key, began, seen: now, browser }
    const change = putEntry(this.#deps, 'session', {
      id,
      human: human.id,
      expires: this.#expires(body),
      body,
    })
    await this.#deps.journal.commit({ records: [], changes: [change] })
  }

  #expires({ began, seen }: Pick<SessionBody, 'began' | 'seen'>): number {
    const { idle, absolute } = this.#deps.limits
    return Math.min(seen + idle, began + absolute)
  }
}

import { createHmac } from 'node:crypto'
import type { Actor } from '../gate/administration.ts'
import { equalSecrets } from '../net/constant-time.ts'

const COOKIE = 'remit_admin'
/** Milliseconds that a person stays logged in. */
const LIFE = 900_000
const MOST = 1_000

export interface PageSession {
  readonly actor: Actor
  /** For one form: good in this session and for this subject only. */
  csrf(subject: string): string
}

interface Kept {
  readonly actor: Actor
  readonly expires: number
}

/** Who is logged in to the pages of the admin plane. A session is one browser’s, and never longer than a quarter hour. */
export class PageSessions {
  readonly #kept = new Map<string, Kept>()
  readonly #random: (size: number) => Uint8Array
  readonly #now: () => number
  readonly #secure: boolean
  readonly #of: string

  constructor(options: {
    readonly random: (size: number) => Uint8Array
    readonly now: () => number
    readonly secure: boolean
    /** Whose pages they are, where others have the same host. */
    readonly of?: string
  }) {
    this.#random = options.random
    this.#now = options.now
    this.#secure = options.secure
    this.#of = options.of === undefined ? '' : `_${options.of}`
  }

  /** A new id with every login, whatever cookie came. @returns the session and its `Set-Cookie`. */
  begin(actor: Actor): { readonly session: PageSession; readonly cookie: string } {
    const id = Buffer.from(this.#random(32)).toString('base64url')
    this.#kept.set(id, { actor, expires: this.#now() + LIFE })
    const [oldest] = this.#kept.keys()
    if (this.#kept.size > MOST && oldest !== undefined) this.#kept.delete(oldest)
    const cookie = `${this.#name}=${id}; Path=/; Max-Age=${LIFE / 1000}; HttpOnly; SameSite=Strict${this.#secure ? '; Secure' : ''}`
    return { session: sessionOf(id, actor), cookie }
  }

  find(header: string | undefined): PageSession | undefined {
    const id = (header ?? '')
      .split(/; */)
      .find((pair) => pair.startsWith(`${this.#name}=`))
      ?.slice(this.#name.length + 1)
    const kept = id === undefined ? undefined : this.#kept.get(id)
    if (id === undefined || kept === undefined) return undefined
    if (this.#now() < kept.expires) return sessionOf(id, kept.actor)
    this.#kept.delete(id)
    return undefined
  }

  /** `__Host-` binds a cookie to its host, which browsers allow over TLS only. */
  get #name(): string {
    return `${this.#secure ? '__Host-' : ''}${COOKIE}${this.#of}`
  }
}

function sessionOf(id: string, actor: Actor): PageSession {
  return { actor, csrf: (subject) => createHmac('sha256', id).update(`csrf\n${subject}`).digest('base64url') }
}

export function csrfMatches(session: PageSession, subject: string, given: string | null): boolean {
  return given !== null && equalSecrets(given, session.csrf(subject))
}

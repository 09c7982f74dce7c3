/** That of a session no other site makes a browser send; that of a trip to a provider comes back from there. */
const KINDS = {
  session: { name: 'remit_session', sameSite: 'Strict', life: '' },
  trip: { name: 'remit_login', sameSite: 'Lax', life: '; Max-Age=600' },
} as const
const SECRET = /^[\w-]{43}$/

/** The cookie of a session, or of a login on its way. `__Host-` binds it to its host, which browsers allow over TLS only. */
export class SessionCookie {
  readonly #name: string
  readonly #attributes: string
  readonly #life: string

  /** @param of whose pages they are, where others have the same host. */
  constructor(secure: boolean, of?: string, kind: keyof typeof KINDS = 'session') {
    const { name: plain, sameSite, life } = KINDS[kind]
    const name = of === undefined ? plain : `${plain}_${of}`
    this.#name = secure ? `__Host-${name}` : name
    this.#attributes = `Path=/; HttpOnly; SameSite=${sameSite}${secure ? '; Secure' : ''}`
    this.#life = life
  }

  /** Value of `Set-Cookie`; the browser forgets that of a session when it is closed. */
  give(secret: string): string {
    return `${this.#name}=${secret}; ${this.#attributes}${this.#life}`
  }

  take(): string {
    return `${this.#name}=; ${this.#attributes}; Max-Age=0`
  }

  /** Of two cookies with the name none counts: somebody else on this host has set one. */
  read(header: string | undefined): string | undefined {
    const values = (header ?? '')
      .split(/; */)
      .filter((pair) => pair.startsWith(`${this.#name}=`))
      .map((pair) => pair.slice(this.#name.length + 1))
    const [only] = values
    return values.length === 1 && only !== undefined && SECRET.test(only) ? only : undefined
  }
}

const COOKIE = 'remit_session'
const SECRET = /^[\w-]{43}$/

/** The cookie of a session. `__Host-` binds it to its host, which browsers allow over TLS only. */
export class SessionCookie {
  readonly #name: string
  readonly #attributes: string

  /** @param of whose pages they are, where others have the same host. */
  constructor(secure: boolean, of?: string) {
    const name = of === undefined ? COOKIE : `${COOKIE}_${of}`
    this.#name = secure ? `__Host-${name}` : name
    this.#attributes = `Path=/; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`
  }

  /** Value of `Set-Cookie`; the browser forgets it when it is closed. */
  give(secret: string): string {
    return `${this.#name}=${secret}; ${this.#attributes}`
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

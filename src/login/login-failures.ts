import type { LoginDeps } from './login-deps.ts'
import { loginRecord } from './login-records.ts'

/** Records of failed logins that strangers can cause in a minute; the rest is counted in the next one. */
const MOST = 20
const WINDOW = 60_000

/** Puts failed logins on record, without letting whoever guesses fill the ledger. */
export class LoginFailures {
  readonly #deps: LoginDeps
  #from = 0
  #written = 0
  #unwritten = 0

  constructor(deps: LoginDeps) {
    this.#deps = deps
  }

  /** @param reason a word of the error codes. */
  async record(failure: {
    readonly method: string
    readonly reason: string
    readonly human?: string
  }): Promise<void> {
    const now = this.#deps.clock.now()
    if (now - this.#from >= WINDOW || now < this.#from) {
      this.#from = now
      this.#written = 0
    }
    if (this.#written >= MOST) {
      this.#unwritten += 1
      return
    }
    this.#written += 1
    const { method, reason, human } = failure
    const more = this.#unwritten
    this.#unwritten = 0
    const record = loginRecord(this.#deps, 'login.failed', {
      ...(human === undefined ? {} : { human }),
      data: { method, reason, ...(more === 0 ? {} : { more }) },
    })
    await this.#deps.journal.commit({ records: [record], changes: [] })
  }
}

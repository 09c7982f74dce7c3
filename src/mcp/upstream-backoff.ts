import { RemitError } from '../core/errors.ts'

const FIRST = 100
const LONGEST = 30_000
/** After this many milliseconds of being up, a death counts as the first one again. */
const STABLE = 60_000
/** A shorter rest is waited for; a longer one fails at once, so that nobody hangs on a dead server. */
const WORTH_WAITING = 1_000

/** When a server that failed may be tried again: 100 ms, doubling to 30 s. All times in milliseconds. */
export class Backoff {
  readonly #now: () => number
  #delay = 0
  #until = 0

  /** @param now a clock that does not jump. */
  constructor(now: () => number) {
    this.#now = now
  }

  /** True = nobody need remember that it failed. */
  get over(): boolean {
    return this.#now() - this.#until > STABLE
  }

  succeeded(): void {
    this.#delay = 0
  }

  /** @param up how long it had run; 0 = it did not start. */
  failed(up: number): void {
    this.#delay = up >= STABLE || this.#delay === 0 ? FIRST : Math.min(this.#delay * 2, LONGEST)
    this.#until = this.#now() + this.#delay
  }

  /** Resolves when it may be tried. @throws RemitError `upstream_unavailable` when that is too far off. */
  async ready(lastError: string): Promise<void> {
    const rest = this.#until - this.#now()
    if (rest <= 0) return
    if (rest > WORTH_WAITING) {
      const seconds = Math.ceil(rest / 1000)
      throw new RemitError('upstream_unavailable', `the server failed and is tried again in ${seconds} s`, {
        detail: lastError,
      })
    }
    await new Promise((resolve) => {
      setTimeout(resolve, rest)
    })
  }
}

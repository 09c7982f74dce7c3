import type { Clock } from '../core/clock.ts'

/** Lets at most `most` wrong guesses through in any window of `window` milliseconds. */
export class GuessLimit {
  readonly #clock: Clock
  readonly #most: number
  readonly #window: number
  #wrong: readonly number[] = []
  #checking = 0

  constructor(clock: Clock, limits: { readonly most: number; readonly window: number }) {
    this.#clock = clock
    this.#most = limits.most
    this.#window = limits.window
  }

  /** Milliseconds until another guess is heard; 0 = now. Guesses being checked count as wrong until known. */
  wait(): number {
    const now = this.#clock.now()
    // A clock that was set back must not lengthen the wait.
    this.#wrong = this.#wrong.filter((at) => now - at < this.#window && at <= now)
    if (this.#wrong.length + this.#checking < this.#most) return 0
    return this.#window - (now - (this.#wrong[0] ?? now))
  }

  /** Runs one check; a wrong guess counts. */
  async count(check: () => Promise<boolean>): Promise<boolean> {
    this.#checking += 1
    try {
      const right = await check()
      if (!right) this.#wrong = [...this.#wrong, this.#clock.now()]
      return right
    } finally {
      this.#checking -= 1
    }
  }
}

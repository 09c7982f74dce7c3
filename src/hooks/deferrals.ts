/** Uses whose end nobody asked for; of an agent that has no second hook these are all. */
const MOST_UNHEARD = 1_000

/**
 * Two hooks about one use of a tool, of which the second keeps the agent from going on where it puts the `defer` of the
 * first aside. What becomes of the first is told once to the second, whichever comes sooner.
 */
export class Deferrals {
  readonly #waiting = new Map<string, (deferred: boolean) => void>()
  readonly #unheard = new Map<string, boolean>()

  /** Whether the second hook stands by, without which nothing may be deferred. */
  isGuarded(use: string): boolean {
    return this.#waiting.has(use)
  }

  conclude(use: string, deferred: boolean): void {
    const waiting = this.#waiting.get(use)
    this.#waiting.delete(use)
    if (waiting !== undefined) {
      waiting(deferred)
      return
    }
    this.#unheard.set(use, deferred)
    const [oldest] = this.#unheard.keys()
    if (this.#unheard.size > MOST_UNHEARD && oldest !== undefined) this.#unheard.delete(oldest)
  }

  /** Whether the first hook deferred; undefined = `signal` aborted before it came to an end. */
  conclusion(use: string, signal: AbortSignal): Promise<boolean | undefined> {
    const known = this.#unheard.get(use)
    this.#unheard.delete(use)
    if (known !== undefined) return Promise.resolve(known)
    return new Promise((resolve) => {
      const stop = (): void => {
        if (this.#waiting.get(use) === resolve) this.#waiting.delete(use)
        resolve(undefined)
      }
      this.#waiting.set(use, resolve)
      signal.addEventListener('abort', stop, { once: true })
      if (signal.aborted) stop()
    })
  }
}

import type { Clock } from '../core/clock.ts'

interface Asked {
  readonly at: number
  /** Milliseconds that it has to wait. */
  readonly wait: number
}

/** How much earlier than told a question may come: the network is not even. */
const EARLY = 1_000
const MOST = 10_000

/** Holds whoever asks again and again to the interval that it was told, and to a longer one after each breach. */
export class PollPace {
  readonly #clock: Clock
  readonly #interval: number
  readonly #asked = new Map<string, Asked>()

  /** @param interval milliseconds, which each breach adds once more (RFC 8628 §3.5). */
  constructor(clock: Clock, interval: number) {
    this.#clock = clock
    this.#interval = interval
  }

  /** Notes a question. @returns whether it came too soon. */
  tooSoon(who: string): boolean {
    const now = this.#clock.now()
    const before = this.#asked.get(who)
    const early = before !== undefined && now >= before.at && now - before.at < before.wait - EARLY
    const wait = before === undefined ? this.#interval : before.wait + (early ? this.#interval : 0)
    this.#asked.delete(who)
    this.#asked.set(who, { at: now, wait })
    const [oldest] = this.#asked.keys()
    if (this.#asked.size > MOST && oldest !== undefined) this.#asked.delete(oldest)
    return early
  }
}

/** What one stream may say at once, and from then on in a second. */
const BURST = 2_000
const PER_SECOND = 500
/** Bytes that cost as much as one message more. */
const WEIGHT = 4_096

/**
 * Bounds how much of the gateway's time the unasked words of one server take: so many messages, or so many bytes of
 * them, a second. Who says more is listened to more slowly; nothing is dropped. An answer that is waited for takes
 * nothing: how many can be waited for is bounded elsewhere.
 */
export class Allowance {
  readonly #now: () => number
  #left = BURST
  #at: number

  /** @param now milliseconds of a clock that does not jump. */
  constructor(now: () => number) {
    this.#now = now
    this.#at = now()
  }

  /**
   * @param size of a message that nobody waits for, in bytes.
   * @returns milliseconds for which nothing more should be listened to; 0 = go on.
   */
  spend(size: number): number {
    const now = this.#now()
    this.#left = Math.min(BURST, this.#left + ((now - this.#at) * PER_SECOND) / 1_000)
    this.#at = now
    this.#left -= 1 + size / WEIGHT
    return this.#left >= 0 ? 0 : Math.ceil((-this.#left * 1_000) / PER_SECOND)
  }
}

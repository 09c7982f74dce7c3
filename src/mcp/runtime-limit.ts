import type { Clock } from '../core/clock.ts'
import { RemitError } from '../core/errors.ts'

/** Questions that may come at once, and how many more each second. An agent with ten sub-agents asks less. */
const BURST = 200
const EACH_SECOND = 20
const SPACING = 1_000 / EACH_SECOND

/** How often each task may ask with the gateway's own tool, by the generic cell rate algorithm (ITU-T I.371). */
export class RuntimeLimit {
  readonly #clock: Clock
  /** By whom: when all that was asked would have been asked at the allowed pace, in milliseconds since the epoch. */
  readonly #paid = new Map<string, number>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** @throws RemitError `overloaded`. */
  take(who: string): void {
    const now = this.#clock.now()
    const paid = Math.max(this.#paid.get(who) ?? now, now)
    // A clock that was set back must not lengthen the wait.
    if (paid - now > BURST * SPACING && paid - now <= 2 * BURST * SPACING) {
      throw new RemitError('overloaded', 'this task asks too often; wait a second and try again')
    }
    this.#paid.delete(who)
    this.#paid.set(who, Math.min(paid, now + BURST * SPACING) + SPACING)
    this.#forget(now)
  }

  /** The oldest first: who asked last stands last. */
  #forget(now: number): void {
    for (const [who, paid] of this.#paid) {
      if (paid > now) return
      this.#paid.delete(who)
    }
  }
}

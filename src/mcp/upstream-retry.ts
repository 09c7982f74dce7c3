import type { Entropy } from '../core/clock.ts'

/** Milliseconds. */
const FIRST = 1_000
const LONGEST = 300_000
const SPREAD = 2 ** 32

export interface RetryPort {
  /** Tries once; whatever comes of it is told by `failed` and `succeeded`. May reject. */
  attempt(): Promise<void>
  /** It had failed, and does no more. */
  recovered(): void
  /** A clock that does not jump, in milliseconds. */
  now(): number
  /** Spreads tries in time; absent = they are not spread. */
  readonly entropy?: Entropy | undefined
}

/**
 * Tries by itself what failed, until somebody succeeded: after 1 s, then after twice as long each time, up to 5 min; by
 * chance up to half of that sooner, so that many do not try at once. One that fails for ever costs that one try.
 */
export class Retry {
  readonly #port: RetryPort
  #failing = false
  #running = false
  #stopped = false
  #delay = FIRST
  #due = 0
  #timer: NodeJS.Timeout | undefined

  constructor(port: RetryPort) {
    this.#port = port
  }

  /** Milliseconds until the next try; undefined = none is needed. */
  get rest(): number | undefined {
    return this.#failing ? Math.max(0, Math.round(this.#due - this.#port.now())) : undefined
  }

  failed(): void {
    this.#failing = true
    if (this.#running || this.#stopped || this.#timer !== undefined) return
    this.#plan()
  }

  /** By this or by whoever tried it. */
  succeeded(): void {
    if (!this.#failing) return
    this.#failing = false
    this.#delay = FIRST
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (!this.#stopped) this.#port.recovered()
  }

  stop(): void {
    this.#stopped = true
    this.#failing = false
    clearTimeout(this.#timer)
  }

  #plan(): void {
    const wait = this.#delay * (1 - this.#chance() / 2)
    this.#delay = Math.min(this.#delay * 2, LONGEST)
    this.#due = this.#port.now() + wait
    this.#timer = setTimeout(() => void this.#try(), wait)
    this.#timer.unref()
  }

  async #try(): Promise<void> {
    this.#timer = undefined
    this.#running = true
    try {
      await this.#port.attempt()
    } catch {
      // Whoever failed has told.
    }
    this.#running = false
    if (this.#failing && !this.#stopped) this.#plan()
  }

  /** At least 0, less than 1. */
  #chance(): number {
    const bytes = this.#port.entropy?.bytes(4)
    return bytes === undefined ? 0 : new DataView(bytes.buffer, bytes.byteOffset).getUint32(0) / SPREAD
  }
}

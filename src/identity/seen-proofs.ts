import { RemitError } from '../core/errors.ts'

/**
 * Proofs that were used (RFC 9449 §11.1), remembered at least for `span` ms and at most twice as long. Nothing that
 * could still be good is ever forgotten to make room: then everybody waits.
 */
export class SeenProofs {
  readonly #span: number
  readonly #most: number
  #newer = new Set<string>()
  #older = new Set<string>()
  #turned = 0

  constructor(limits: { readonly span: number; readonly most: number }) {
    this.#span = limits.span
    this.#most = limits.most
  }

  /**
   * @param now milliseconds since the epoch.
   * @returns whether this is the first use. @throws RemitError `overloaded`.
   */
  use(id: string, now: number): boolean {
    if (now - this.#turned >= this.#span) {
      this.#older = now - this.#turned >= 2 * this.#span ? new Set() : this.#newer
      this.#newer = new Set()
      this.#turned = now
    }
    if (this.#newer.has(id) || this.#older.has(id)) return false
    if (this.#newer.size + this.#older.size >= this.#most) {
      throw new RemitError('overloaded', 'too many requests with proofs at once; try again in a minute')
    }
    this.#newer.add(id)
    return true
  }
}

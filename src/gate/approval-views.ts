import type { ApprovalId, HumanId } from '../core/ids.ts'

/** A live screen opens the same request again and again: within this time that is one look, in milliseconds. */
const ONE_LOOK = 300_000
/** Looks that are remembered; whoever is forgotten is put on record once more. */
const MOST = 10_000

/** Who opened which request lately, so that each look is on record once. */
export class ApprovalViews {
  /** Oldest first. */
  readonly #seen = new Map<string, number>()

  /** Whether this look is to go on record. */
  isNew(human: HumanId, id: ApprovalId, now: number): boolean {
    const key = `${human}\n${id}`
    const last = this.#seen.get(key)
    if (last !== undefined && Math.abs(now - last) < ONE_LOOK) return false
    this.#seen.delete(key)
    this.#seen.set(key, now)
    const [oldest] = this.#seen.keys()
    if (this.#seen.size > MOST && oldest !== undefined) this.#seen.delete(oldest)
    return true
  }
}

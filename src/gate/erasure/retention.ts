import { ERASABLE_PARTS, type ErasablePart } from '../../core/erasure.ts'
import { orderErasure } from './order-erasure.ts'
import { countErasure, type ErasureDeps } from './run-erasure.ts'

/** Milliseconds that each part is kept; absent = for ever. */
export type Keeping = { readonly [P in ErasablePart]?: number }

/** As nobody can be named. */
const RETENTION = 'remit:retention'
const DAY = 86_400_000

/** Erases what is older than it is to be kept, and goes round what is held. */
export class Retention {
  readonly #deps: ErasureDeps
  readonly #keep: Keeping
  /** Up to where all was looked at, while these were the holds. */
  #seen: { readonly holds: string; readonly upTo: { [P in ErasablePart]: number } } | undefined

  constructor(deps: ErasureDeps, keep: Keeping) {
    this.#deps = deps
    this.#keep = keep
  }

  /** Puts nothing on record when there is nothing to erase. @throws what erasing throws. */
  async look(): Promise<void> {
    for (const part of ERASABLE_PARTS) {
      const keep = this.#keep[part]
      if (keep !== undefined) await this.#lookAt(part, keep)
    }
  }

  async #lookAt(part: ErasablePart, keep: number): Promise<void> {
    const { records, settings, clock } = this.#deps
    const { size } = await records.head(settings.tenant)
    const upTo = await this.#seenUpTo()
    if (upTo[part] >= size) return
    const before = clock.now() - keep
    const selection = { before, records: [upTo[part], size - 1] as const }
    const wish = { selection, parts: [part], by: RETENTION, reason: reasonFor(part, keep), leavesHeld: true }
    const found = await countErasure(this.#deps, { ...wish, size })
    const rows = found.approvals + found.grants + found.tasks
    if (found.records + rows > 0) await orderErasure(this.#deps, wish)
    // What stays for a task that runs, or is too young, is looked at again.
    if (found.live.length === 0) upTo[part] = await this.#firstAfter(before, size)
  }

  /** A hold that was lifted may have kept what is old. */
  async #seenUpTo(): Promise<{ [P in ErasablePart]: number }> {
    const list = await this.#deps.holds.list(this.#deps.settings.tenant)
    const holds = list.map(({ id }) => id).join(' ')
    if (this.#seen?.holds !== holds) this.#seen = { holds, upTo: { detail: 0, payload: 0 } }
    return this.#seen.upTo
  }

  /** Index of a record before which all are older, by halving; a minute less, since times are only nearly in order. */
  async #firstAfter(time: number, size: number): Promise<number> {
    const { records, settings } = this.#deps
    let [low, high] = [0, size]
    while (low < high) {
      const middle = Math.floor((low + high) / 2)
      const [record] = await records.query({ tenant: settings.tenant, before: middle + 1, limit: 1 })
      if (record !== undefined && Date.parse(record.envelope.at) < time - 60_000) low = middle + 1
      else high = middle
    }
    return low
  }
}

function reasonFor(part: ErasablePart, keep: number): string {
  const days = Math.round((keep / DAY) * 100) / 100
  return `\`ledger.keep.${part}\` is ${days} days`
}

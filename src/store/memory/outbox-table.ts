import type { Change } from '../../core/change.ts'
import type { Delivery } from '../../core/delivery.ts'
import type { OutboxStore } from '../../notify/outbox-store.ts'

type DeliveryChange = Extract<Change, { kind: 'put-delivery' | 'remove-delivery' }>

/** What is to be told, in a store that ends with its process. */
export class OutboxTable {
  readonly #deliveries = new Map<string, Delivery>()
  readonly reader: OutboxStore = {
    due: async (tenant, { channel, now, limit }) =>
      [...this.#deliveries.values()]
        .filter((each) => each.tenant === tenant && each.due <= now)
        .filter((each) => channel === undefined || each.channel === channel)
        .toSorted((a, b) => a.due - b.due)
        .slice(0, limit),
  }

  /** @returns what takes the change back; undefined = conflict, and nothing was changed. */
  apply(change: DeliveryChange): (() => void) | undefined {
    const { tenant, id, revision } = change.kind === 'put-delivery' ? change.delivery : change
    const place = `${tenant}\n${id}`
    const stored = this.#deliveries.get(place)
    const expected = change.kind === 'put-delivery' ? revision - 1 : revision
    if ((stored?.revision ?? 0) !== expected) return undefined
    if (change.kind === 'put-delivery') this.#deliveries.set(place, change.delivery)
    else this.#deliveries.delete(place)
    return () => {
      if (stored === undefined) this.#deliveries.delete(place)
      else this.#deliveries.set(place, stored)
    }
  }
}

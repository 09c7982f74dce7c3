import type { HoldStore } from '../../audit/hold-store.ts'
import type { ErasureChange, LegalHold } from '../../core/erasure.ts'

type HoldChange = Extract<ErasureChange, { kind: 'put-hold' | 'lift-hold' | 'expect-holds' }>

/** Holds that last as long as the process. */
export class HoldTable {
  readonly #holds = new Map<string, LegalHold>()

  readonly reader: HoldStore = { list: (tenant) => Promise.resolve(this.#of(tenant)) }

  /** @returns what takes it back; undefined = conflict. */
  apply(change: HoldChange): (() => void) | undefined {
    switch (change.kind) {
      case 'put-hold': {
        const key = keyOf(change.hold)
        if (this.#holds.has(key)) return undefined
        this.#holds.set(key, change.hold)
        return () => this.#holds.delete(key)
      }
      case 'lift-hold': {
        const key = keyOf(change)
        const before = this.#holds.get(key)
        if (before === undefined) return undefined
        this.#holds.delete(key)
        return () => this.#holds.set(key, before)
      }
      case 'expect-holds': {
        const ids = this.#of(change.tenant).map(({ id }) => id)
        return JSON.stringify(ids) === JSON.stringify(change.ids) ? () => {} : undefined
      }
    }
  }

  #of(tenant: string): readonly LegalHold[] {
    return [...this.#holds.values()]
      .filter((hold) => hold.tenant === tenant)
      .toSorted((a, b) => (a.id < b.id ? -1 : 1))
  }
}

function keyOf({ tenant, id }: { readonly tenant: string; readonly id: string }): string {
  return `${tenant}\n${id}`
}

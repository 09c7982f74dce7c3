import type { Change } from '../../core/change.ts'
import type { StoredOAuthEntry } from '../../core/oauth-entry.ts'
import type { LoginStore } from '../../login/login-store.ts'
import type { OAuthStore } from '../../oauth/oauth-store.ts'

type OAuthChange = Extract<Change, { kind: 'put-oauth' | 'consume-oauth' | 'remove-oauth' }>

/** What the authorization server keeps, in a store that ends with its process. */
export class OAuthTable {
  readonly #entries = new Map<string, StoredOAuthEntry>()
  readonly reader: OAuthStore & LoginStore = {
    get: async (tenant, model, id) => this.#entries.get(placeOf({ tenant, model, id })),
    find: async (tenant, model, by, value) =>
      [...this.#entries.values()].find(
        (entry) => entry.tenant === tenant && entry.model === model && entry[by] === value,
      ),
    list: async (tenant, model, uid) =>
      [...this.#entries.values()]
        .filter((entry) => entry.tenant === tenant && entry.model === model && entry.uid === uid)
        .toSorted((a, b) => a.at - b.at),
  }

  /** @returns what takes the change back; undefined = conflict, and nothing was changed. */
  apply(change: OAuthChange): (() => void) | undefined {
    if (change.kind === 'put-oauth') return this.#put(change.entry)
    const place = placeOf(change)
    const stored = this.#entries.get(place)
    if (stored === undefined) return undefined
    if (change.kind === 'remove-oauth') this.#entries.delete(place)
    else if (stored.consumed === undefined) this.#entries.set(place, { ...stored, consumed: change.at })
    else return undefined
    return () => {
      this.#entries.set(place, stored)
    }
  }

  #put(entry: StoredOAuthEntry): () => void {
    const before = new Map(this.#entries)
    for (const [place, { expires }] of before) if (expires < entry.at) this.#entries.delete(place)
    const place = placeOf(entry)
    const consumed = this.#entries.get(place)?.consumed
    this.#entries.set(place, consumed === undefined ? entry : { ...entry, consumed })
    return () => {
      this.#entries.clear()
      for (const [key, value] of before) this.#entries.set(key, value)
    }
  }
}

function placeOf({ tenant, model, id }: { tenant: string; model: string; id: string }): string {
  return `${tenant}\n${model}\n${id}`
}

import type { Change } from '../../core/change.ts'
import type { StoredSecret } from '../../core/stored-secret.ts'
import type { SecretStore } from '../../credentials/secret-store.ts'

type SecretChange = Extract<Change, { kind: 'put-secret' | 'reseal-secret' | 'remove-secret' }>

/** The sealed secrets of a store that ends with its process. */
export class SecretTable {
  readonly #secrets = new Map<string, StoredSecret>()
  readonly reader: SecretStore = {
    list: async (tenant) =>
      [...this.#secrets.values()]
        .filter((secret) => secret.tenant === tenant)
        .toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)),
  }

  /** @returns what takes the change back; undefined = conflict, and nothing was changed. */
  apply(change: SecretChange): (() => void) | undefined {
    const { tenant, name } = change.kind === 'remove-secret' ? change : change.secret
    const place = `${tenant}\n${name}`
    const stored = this.#secrets.get(place)
    if (!admits(stored, change)) return undefined
    if (change.kind === 'remove-secret') this.#secrets.delete(place)
    else this.#secrets.set(place, change.secret)
    return () => {
      if (stored === undefined) this.#secrets.delete(place)
      else this.#secrets.set(place, stored)
    }
  }
}

function admits(stored: StoredSecret | undefined, change: SecretChange): boolean {
  switch (change.kind) {
    case 'put-secret':
      return (stored?.version ?? 0) === change.secret.version - 1
    case 'reseal-secret':
      return stored?.version === change.secret.version && stored.key === change.from
    case 'remove-secret':
      return stored?.version === change.version
  }
}

import type { GrantStore } from '../../approvals/grant-store.ts'
import type { Change } from '../../core/change.ts'
import { RemitError } from '../../core/errors.ts'
import type { Grant } from '../../core/grant.ts'

export type GrantChange = Extract<Change, { kind: `${string}-grant` }>

/** Grants that last as long as the process; beyond `most` the oldest is forgotten, and its work asks anew. */
export class GrantTable {
  readonly #most: number
  /** Oldest first. */
  readonly #grants = new Map<string, Grant>()
  /** Those that nobody revoked, by what they cover. */
  readonly #byWork = new Map<string, Grant>()

  constructor(most = Number.POSITIVE_INFINITY) {
    this.#most = most
  }

  readonly reader: GrantStore = {
    get: (tenant, id) => Promise.resolve(this.#grants.get(keyOf(tenant, id))),
    findCovering: (tenant, task, covers) => Promise.resolve(this.#byWork.get(keyOf(tenant, task, covers))),
    list: (tenant, { task, limit }) =>
      Promise.resolve(
        [...this.#grants.values()]
          .filter((grant) => grant.tenant === tenant && (task === undefined || grant.task === task))
          .toReversed()
          .toSorted((a, b) => b.created - a.created)
          .slice(0, limit),
      ),
  }

  /** False = the change conflicts with what is there. */
  admits(change: GrantChange): boolean {
    switch (change.kind) {
      case 'insert-grant': {
        const { grant } = change
        return !this.#grants.has(keyOf(grant.tenant, grant.id)) && !this.#byWork.has(workOf(grant))
      }
      case 'use-grant': {
        const grant = this.#grants.get(keyOf(change.tenant, change.grant))
        return grant !== undefined && grant.revoked === undefined
      }
      case 'revoke-grant':
        return this.#grants.has(keyOf(change.tenant, change.grant))
    }
  }

  /**
   * @returns what takes the change back.
   * @throws RemitError `internal` for one that is not admitted.
   */
  apply(change: GrantChange): () => void {
    if (!this.admits(change)) throw new RemitError('internal', 'a change of a grant conflicts')
    if (change.kind === 'insert-grant') return this.#put(change.grant)
    const grant = this.#grants.get(keyOf(change.tenant, change.grant))
    if (grant === undefined) throw new RemitError('internal', 'a grant went away')
    if (change.kind === 'use-grant') return this.#put({ ...grant, uses: grant.uses + 1 })
    const { at, by, reason } = change
    return this.#put({ ...grant, revoked: grant.revoked ?? { at, by, reason } })
  }

  /** @returns what takes it back; undefined = it is not there. */
  erase(grant: Grant): (() => void) | undefined {
    const before = this.#grants.get(keyOf(grant.tenant, grant.id))
    if (before === undefined) return undefined
    if (this.#byWork.get(workOf(before))?.id === grant.id) this.#byWork.delete(workOf(before))
    return this.#put({ ...grant, uses: before.uses })
  }

  #put(grant: Grant): () => void {
    const key = keyOf(grant.tenant, grant.id)
    const before = this.#grants.get(key)
    this.#set(key, grant)
    return () => {
      if (before === undefined) this.#drop(key, grant)
      else this.#set(key, before)
    }
  }

  #set(key: string, grant: Grant): void {
    this.#grants.set(key, grant)
    if (grant.revoked === undefined) this.#byWork.set(workOf(grant), grant)
    else this.#byWork.delete(workOf(grant))
    if (this.#grants.size <= this.#most) return
    const [oldest] = this.#grants
    if (oldest !== undefined) this.#drop(...oldest)
  }

  #drop(key: string, grant: Grant): void {
    this.#grants.delete(key)
    if (this.#byWork.get(workOf(grant))?.id === grant.id) this.#byWork.delete(workOf(grant))
  }
}

function workOf({ tenant, task, covers }: Grant): string {
  return keyOf(tenant, task, covers.digest)
}

function keyOf(...parts: readonly string[]): string {
  return parts.join('\n')
}

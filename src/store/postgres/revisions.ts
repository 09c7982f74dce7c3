import type { PoolClient } from 'pg'
import type { Change } from '../../core/change.ts'
import type { LockedTenant } from './tenant-ledgers.ts'

const ADVANCING: ReadonlySet<Change['kind']> = new Set([
  'revoke-task',
  'complete-task',
  'put-halt',
  'lift-halt',
  'advance-standing',
])

/** The revisions of the tenants that a batch has locked: nobody else ends authority in them meanwhile. */
export class Revisions {
  readonly #now = new Map<string, number>()
  readonly #advanced = new Set<string>()

  constructor(tenants: readonly LockedTenant[]) {
    for (const { id, revision } of tenants) this.#now.set(id, revision)
  }

  admits({ tenant, revision }: Extract<Change, { kind: 'expect-standing' }>): boolean {
    return this.#now.get(tenant) === revision
  }

  /** What an applied change did. */
  follow(change: Change): void {
    if (!ADVANCING.has(change.kind)) return
    const tenant = change.kind === 'put-halt' ? change.halt.tenant : (change as { tenant: string }).tenant
    this.#now.set(tenant, (this.#now.get(tenant) ?? 0) + 1)
    this.#advanced.add(tenant)
  }

  async write(client: PoolClient): Promise<void> {
    for (const tenant of this.#advanced) {
      await client.query('UPDATE tenant SET revision = $2 WHERE id = $1', [tenant, this.#now.get(tenant)])
    }
  }

  all(): ReadonlyMap<string, number> {
    return this.#now
  }
}

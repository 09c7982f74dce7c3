import type { Pool } from 'pg'
import type { HoldStore } from '../../audit/hold-store.ts'
import type { LegalHold } from '../../core/erasure.ts'
import type { TenantId } from '../../core/ids.ts'

export class PostgresHolds implements HoldStore {
  readonly #pool: Pool

  constructor(pool: Pool) {
    this.#pool = pool
  }

  async list(tenant: TenantId): Promise<readonly LegalHold[]> {
    const { rows } = await this.#pool.query<{ body: string }>(
      'SELECT body FROM hold WHERE tenant = $1 ORDER BY id COLLATE "C"',
      [tenant],
    )
    return rows.map(({ body }) => JSON.parse(body) as LegalHold)
  }
}

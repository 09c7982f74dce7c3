import type { Pool } from 'pg'
import type { Delivery } from '../../core/delivery.ts'
import type { TenantId } from '../../core/ids.ts'
import type { OutboxStore } from '../../notify/outbox-store.ts'

export class PostgresOutbox implements OutboxStore {
  readonly #pool: Pool

  constructor(pool: Pool) {
    this.#pool = pool
  }

  async due(
    tenant: TenantId,
    { channel, now, limit }: { readonly channel?: string; readonly now: number; readonly limit: number },
  ): Promise<readonly Delivery[]> {
    const { rows } = await this.#pool.query<{ body: string }>(
      `SELECT body FROM delivery WHERE tenant = $1 AND due <= $2 AND ($4::text IS NULL OR channel = $4)
       ORDER BY due, id LIMIT $3`,
      [tenant, now, limit, channel ?? null],
    )
    return rows.map(({ body }) => JSON.parse(body) as Delivery)
  }
}

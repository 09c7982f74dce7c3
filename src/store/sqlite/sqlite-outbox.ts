import type { DatabaseSync, StatementSync } from 'node:sqlite'

import type { Delivery } from '../../core/delivery.ts'
import type { TenantId } from '../../core/ids.ts'
import type { OutboxStore } from '../../notify/outbox-store.ts'

export class SqliteOutbox implements OutboxStore {
  readonly #all: StatementSync
  readonly #ofChannel: StatementSync

  constructor(db: DatabaseSync) {
    const where = (condition: string): StatementSync =>
      db.prepare(
        `SELECT body FROM delivery WHERE tenant = ? AND ${condition} due <= ? ORDER BY due, id LIMIT ?`,
      )
    this.#all = where('')
    this.#ofChannel = where('channel = ? AND')
  }

  async due(
    tenant: TenantId,
    { channel, now, limit }: { readonly channel?: string; readonly now: number; readonly limit: number },
  ): Promise<readonly Delivery[]> {
    const rows =
      channel === undefined
        ? this.#all.all(tenant, now, limit)
        : this.#ofChannel.all(tenant, channel, now, limit)
    return rows.map((row) => JSON.parse(String(row['body'])) as Delivery)
  }
}

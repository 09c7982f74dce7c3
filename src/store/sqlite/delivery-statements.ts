import type { DatabaseSync, StatementSync } from 'node:sqlite'

import type { Change } from '../../core/change.ts'

type DeliveryChange = Extract<Change, { kind: 'put-delivery' | 'remove-delivery' }>

/** Changes of what is to be told, within the transaction that is open. */
export class DeliveryStatements {
  readonly #insert: StatementSync
  readonly #update: StatementSync
  readonly #remove: StatementSync

  constructor(db: DatabaseSync) {
    this.#insert = db.prepare(
      `INSERT INTO delivery (tenant, id, channel, due, revision, body) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT DO NOTHING`,
    )
    this.#update = db.prepare(
      `UPDATE delivery SET channel = ?, due = ?, revision = ?, body = ?
       WHERE tenant = ? AND id = ? AND revision = ?`,
    )
    this.#remove = db.prepare('DELETE FROM delivery WHERE tenant = ? AND id = ? AND revision = ?')
  }

  /** @returns false = conflict, and nothing was changed. */
  apply(change: DeliveryChange): boolean {
    if (change.kind === 'remove-delivery') {
      return this.#remove.run(change.tenant, change.id, change.revision).changes === 1
    }
    const { delivery } = change
    const { tenant, id, channel, due, revision } = delivery
    const body = JSON.stringify(delivery)
    if (revision === 1) return this.#insert.run(tenant, id, channel, due, revision, body).changes === 1
    return this.#update.run(channel, due, revision, body, tenant, id, revision - 1).changes === 1
  }
}

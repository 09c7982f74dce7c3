import type { DatabaseSync, StatementSync } from 'node:sqlite'

import type { Change } from '../../core/change.ts'

type SecretChange = Extract<Change, { kind: 'put-secret' | 'reseal-secret' | 'remove-secret' }>

/** Changes of the encrypted store within the transaction that is open. */
export class SecretStatements {
  readonly #insert: StatementSync
  readonly #update: StatementSync
  readonly #reseal: StatementSync
  readonly #remove: StatementSync

  constructor(db: DatabaseSync) {
    this.#insert = db.prepare(
      'INSERT INTO secret (tenant, name, version, key, body) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
    )
    this.#update = db.prepare(
      'UPDATE secret SET version = ?, key = ?, body = ? WHERE tenant = ? AND name = ? AND version = ?',
    )
    this.#reseal = db.prepare(
      'UPDATE secret SET key = ?, body = ? WHERE tenant = ? AND name = ? AND version = ? AND key = ?',
    )
    this.#remove = db.prepare('DELETE FROM secret WHERE tenant = ? AND name = ? AND version = ?')
  }

  /** @returns false = conflict, and nothing was changed. */
  apply(change: SecretChange): boolean {
    if (change.kind === 'remove-secret') {
      return this.#remove.run(change.tenant, change.name, change.version).changes === 1
    }
    const { secret } = change
    const { tenant, name, version, key } = secret
    const body = JSON.stringify(secret)
    if (change.kind === 'reseal-secret') {
      return this.#reseal.run(key, body, tenant, name, version, change.from).changes === 1
    }
    if (version === 1) return this.#insert.run(tenant, name, version, key, body).changes === 1
    return this.#update.run(version, key, body, tenant, name, version - 1).changes === 1
  }
}

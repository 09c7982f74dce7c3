import type { DatabaseSync, StatementSync } from 'node:sqlite'

import type { Change } from '../../core/change.ts'

type GrantChange = Extract<Change, { kind: `${string}-grant` }>

/** Applies changes of grants within the transaction that is open. */
export class GrantStatements {
  readonly #insert: StatementSync
  readonly #use: StatementSync
  readonly #revoke: StatementSync
  readonly #exists: StatementSync

  constructor(db: DatabaseSync) {
    this.#insert = db.prepare(
      `INSERT INTO lasting_grant (tenant, id, task, covers, created, uses, body, revoked)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    )
    this.#use = db.prepare(
      'UPDATE lasting_grant SET uses = uses + 1 WHERE tenant = ? AND id = ? AND revoked IS NULL',
    )
    this.#revoke = db.prepare(
      'UPDATE lasting_grant SET revoked = ? WHERE tenant = ? AND id = ? AND revoked IS NULL',
    )
    this.#exists = db.prepare('SELECT 1 FROM lasting_grant WHERE tenant = ? AND id = ?')
  }

  /** @returns whether it applied; false = conflict, and nothing was changed. */
  apply(change: GrantChange): boolean {
    switch (change.kind) {
      case 'insert-grant': {
        const { revoked, uses, ...body } = change.grant
        const { tenant, id, task, covers, created } = body
        const revocation = revoked === undefined ? null : JSON.stringify(revoked)
        const row = [
          tenant,
          id,
          task,
          covers.digest,
          created,
          uses,
          JSON.stringify(body),
          revocation,
        ] as const
        return this.#insert.run(...row).changes === 1
      }
      case 'use-grant': {
        return this.#use.run(change.tenant, change.grant).changes === 1
      }
      case 'revoke-grant': {
        const { tenant, grant, at, by, reason } = change
        // As with a task, a second revocation is no conflict, since what it asks for is so.
        if (this.#revoke.run(JSON.stringify({ at, by, reason }), tenant, grant).changes === 1) return true
        return this.#exists.get(tenant, grant) !== undefined
      }
    }
  }
}

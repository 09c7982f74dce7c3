import type { DatabaseSync, StatementSync } from 'node:sqlite'

import type { Change } from '../../core/change.ts'
import type { Task } from '../../core/identity.ts'

type TaskChangeKind = 'insert-task' | 'revoke-task' | 'complete-task' | 'renew-task' | 'hold-task'
type TaskChange = Extract<Change, { kind: TaskChangeKind }>

/** Applies changes of tasks within the transaction that is open. */
export class TaskStatements {
  readonly #insert: StatementSync
  readonly #revoke: StatementSync
  readonly #complete: StatementSync
  readonly #renew: StatementSync
  readonly #hold: StatementSync
  readonly #exists: StatementSync

  constructor(db: DatabaseSync) {
    this.#insert = db.prepare(
      `INSERT INTO task (tenant, id, created, body, revoked, completed, parent)
       VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    )
    this.#revoke = db.prepare('UPDATE task SET revoked = ? WHERE tenant = ? AND id = ? AND revoked IS NULL')
    this.#complete = db.prepare(
      'UPDATE task SET completed = ? WHERE tenant = ? AND id = ? AND completed IS NULL AND revoked IS NULL',
    )
    this.#renew = db.prepare(
      `UPDATE task SET expires = ? WHERE tenant = ? AND id = ? AND coalesce(expires, body ->> '$.expires') = ?
       AND completed IS NULL AND revoked IS NULL`,
    )
    this.#hold = db.prepare(
      `UPDATE task SET body = CASE WHEN ?1 IS NULL THEN json_remove(body, '$.holder')
       ELSE json_set(body, '$.holder', ?1) END
       WHERE tenant = ?2 AND id = ?3 AND body ->> '$.holder' IS ?4 AND completed IS NULL AND revoked IS NULL`,
    )
    this.#exists = db.prepare('SELECT 1 FROM task WHERE tenant = ? AND id = ?')
  }

  /** @returns whether it applied; false = conflict, and nothing was changed. */
  apply(change: TaskChange): boolean {
    switch (change.kind) {
      case 'insert-task': {
        return this.#insertTask(change.task)
      }
      case 'revoke-task': {
        const { tenant, task, at, by, reason } = change
        // The first revocation stands; a second one is no conflict, since what it asks for is so.
        if (this.#revoke.run(JSON.stringify({ at, by, reason }), tenant, task).changes === 1) return true
        return this.#exists.get(tenant, task) !== undefined
      }
      case 'complete-task': {
        const { tenant, task, at, by } = change
        if (this.#complete.run(JSON.stringify({ at, by }), tenant, task).changes === 1) return true
        return this.#exists.get(tenant, task) !== undefined
      }
      case 'renew-task': {
        const { tenant, task, from, expires } = change
        return this.#renew.run(expires, tenant, task, from).changes === 1
      }
      case 'hold-task': {
        const { tenant, task, from = null, holder = null } = change
        return this.#hold.run(holder, tenant, task, from).changes === 1
      }
    }
  }

  #insertTask({ revoked, completed, ...body }: Task): boolean {
    const { tenant, id, created, parent = null } = body
    const [revocation, completion] = [revoked, completed].map((end) =>
      end === undefined ? null : JSON.stringify(end),
    )
    const text = JSON.stringify(body)
    return (
      this.#insert.run(tenant, id, created, text, revocation ?? null, completion ?? null, parent).changes ===
      1
    )
  }
}

import type { DatabaseSync, StatementSync } from 'node:sqlite'

import type { Change } from '../../core/change.ts'

type OAuthChange = Extract<Change, { kind: 'put-oauth' | 'consume-oauth' | 'remove-oauth' }>

/** What the authorization server keeps, within the transaction that is open. */
export class OAuthStatements {
  readonly #forget: StatementSync
  readonly #put: StatementSync
  readonly #consume: StatementSync
  readonly #remove: StatementSync

  constructor(db: DatabaseSync) {
    this.#forget = db.prepare(
      'DELETE FROM oauth WHERE rowid IN (SELECT rowid FROM oauth WHERE expires < ? LIMIT 100)',
    )
    this.#put = db.prepare(
      `INSERT INTO oauth (tenant, model, id, uid, user_code, at, expires, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (tenant, model, id) DO UPDATE SET uid = excluded.uid, user_code = excluded.user_code,
       at = excluded.at, expires = excluded.expires, body = excluded.body`,
    )
    this.#consume = db.prepare(
      'UPDATE oauth SET consumed = ? WHERE tenant = ? AND model = ? AND id = ? AND consumed IS NULL',
    )
    this.#remove = db.prepare('DELETE FROM oauth WHERE tenant = ? AND model = ? AND id = ?')
  }

  /** @returns false = conflict, and nothing was changed. */
  apply(change: OAuthChange): boolean {
    if (change.kind === 'put-oauth') {
      const { tenant, model, id, uid, userCode, at, expires, body } = change.entry
      this.#forget.run(at)
      return this.#put.run(tenant, model, id, uid ?? null, userCode ?? null, at, expires, body).changes === 1
    }
    const { tenant, model, id } = change
    if (change.kind === 'consume-oauth') {
      return this.#consume.run(change.at, tenant, model, id).changes === 1
    }
    return this.#remove.run(tenant, model, id).changes === 1
  }
}

import type { DatabaseSync, StatementSync } from 'node:sqlite'

import type { ErasureChange } from '../../core/erasure.ts'
import type { Grant } from '../../core/grant.ts'
import type { Task } from '../../core/identity.ts'
import { forgetSearch } from './forget-search.ts'
import { recordId } from './schema.ts'
import { markUnsettled } from './settle-erasure.ts'

type Of<Kind extends ErasureChange['kind']> = Extract<ErasureChange, { kind: Kind }>

/**
 * Applies erasures and holds within the transaction that is open. The connection overwrites what it deletes
 * (`secure_delete`); copies in older pages and in the WAL are what `settleErasure` is for.
 */
export class ErasureStatements {
  readonly #db: DatabaseSync
  readonly #number: StatementSync
  readonly #clear: Readonly<Record<'detail' | 'payload', StatementSync>>
  readonly #dropEmpty: StatementSync
  readonly #approval: StatementSync
  readonly #grant: StatementSync
  readonly #task: StatementSync
  readonly #tallies: StatementSync
  readonly #holds: StatementSync
  readonly #putHold: StatementSync
  readonly #liftHold: StatementSync

  constructor(db: DatabaseSync) {
    this.#db = db
    this.#number = db.prepare('SELECT number FROM tenant WHERE id = ?')
    this.#clear = {
      detail: db.prepare('UPDATE content SET detail = NULL, detail_salt = NULL WHERE id BETWEEN ? AND ?'),
      payload: db.prepare('UPDATE content SET payload = NULL, payload_salt = NULL WHERE id BETWEEN ? AND ?'),
    }
    this.#dropEmpty = db.prepare(
      'DELETE FROM content WHERE id BETWEEN ? AND ? AND detail IS NULL AND payload IS NULL',
    )
    this.#approval = db.prepare(
      'UPDATE approval SET call = ?, body = ? WHERE tenant = ? AND id = ? AND state = ? AND votes = ?',
    )
    this.#grant = db.prepare(
      'UPDATE lasting_grant SET covers = ?, body = ?, revoked = ? WHERE tenant = ? AND id = ?',
    )
    this.#task = db.prepare('UPDATE task SET body = ?, revoked = ? WHERE tenant = ? AND id = ?')
    this.#tallies = db.prepare('DELETE FROM tally WHERE tenant = ? AND root = ?')
    this.#holds = db.prepare('SELECT id FROM hold WHERE tenant = ? ORDER BY id')
    this.#putHold = db.prepare('INSERT INTO hold (tenant, id, body) VALUES (?, ?, ?) ON CONFLICT DO NOTHING')
    this.#liftHold = db.prepare('DELETE FROM hold WHERE tenant = ? AND id = ?')
  }

  /** @returns whether it applied; false = conflict, and nothing was changed. */
  apply(change: ErasureChange): boolean {
    switch (change.kind) {
      case 'content-erased': {
        this.#eraseContent(change)
        return true
      }
      case 'approval-erased': {
        const { approval, from } = change
        const { tenant, id, call } = approval
        const row = [call, JSON.stringify(approval), tenant, id, from.state, from.votes] as const
        return this.#approval.run(...row).changes === 1
      }
      case 'grant-erased': {
        return this.#eraseGrant(change.grant)
      }
      case 'task-erased': {
        return this.#eraseTask(change.task)
      }
      case 'tallies-erased': {
        this.#tallies.run(change.tenant, change.root)
        return true
      }
      case 'erasure-settled': {
        // The writer does it once the unit is committed.
        return true
      }
      case 'put-hold': {
        const { tenant, id } = change.hold
        return this.#putHold.run(tenant, id, JSON.stringify(change.hold)).changes === 1
      }
      case 'lift-hold': {
        return this.#liftHold.run(change.tenant, change.id).changes === 1
      }
      case 'expect-holds': {
        const there = this.#holds.all(change.tenant).map((row) => String(row['id']))
        return there.length === change.ids.length && there.every((id, at) => id === change.ids[at])
      }
    }
  }

  #eraseContent({ tenant, ranges, parts }: Of<'content-erased'>): void {
    const number = this.#number.get(tenant)?.['number']
    if (typeof number !== 'number') return
    markUnsettled(this.#db)
    for (const range of ranges) {
      const [first, last] = range.map((index) => recordId(number, index)) as [number, number]
      for (const part of parts) this.#clear[part].run(first, last)
      this.#dropEmpty.run(first, last)
      if (parts.includes('detail')) forgetSearch(this.#db, number, { from: range[0], until: range[1] + 1 })
    }
  }

  #eraseGrant({ revoked, uses: _uses, ...body }: Grant): boolean {
    const { tenant, id, covers } = body
    const revocation = revoked === undefined ? null : JSON.stringify(revoked)
    return this.#grant.run(covers.digest, JSON.stringify(body), revocation, tenant, id).changes === 1
  }

  #eraseTask({ revoked, completed: _completed, ...body }: Task): boolean {
    const revocation = revoked === undefined ? null : JSON.stringify(revoked)
    return this.#task.run(JSON.stringify(body), revocation, body.tenant, body.id).changes === 1
  }
}

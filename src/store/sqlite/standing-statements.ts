import type { DatabaseSync, StatementSync } from 'node:sqlite'

import type { Change } from '../../core/change.ts'

type StandingChange = Extract<Change, { kind: 'put-halt' | 'lift-halt' | 'advance-standing' }>

/** Applies halts within the transaction that is open, and counts what ends authority. */
export class StandingStatements {
  readonly #put: StatementSync
  readonly #lift: StatementSync
  readonly #read: StatementSync
  readonly #write: StatementSync
  /** As last read or written: no other connection writes them. */
  readonly #revisions = new Map<string, number>()

  constructor(db: DatabaseSync) {
    this.#put = db.prepare(
      'INSERT INTO halt (tenant, target, id, body) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
    )
    this.#lift = db.prepare('DELETE FROM halt WHERE tenant = ? AND target = ? AND id = ?')
    this.#read = db.prepare('SELECT revision FROM standing WHERE tenant = ?')
    this.#write = db.prepare('INSERT OR REPLACE INTO standing (tenant, revision) VALUES (?, ?)')
  }

  revision(tenant: string): number {
    const known = this.#revisions.get(tenant)
    if (known !== undefined) return known
    const read = Number(this.#read.get(tenant)?.['revision'] ?? 0)
    this.#revisions.set(tenant, read)
    return read
  }

  /** One more thing ended authority, or gave it back. */
  advance(tenant: string): void {
    const next = this.revision(tenant) + 1
    this.#write.run(tenant, next)
    this.#revisions.set(tenant, next)
  }

  /** @returns whether it applied; false = conflict, and nothing was changed. */
  apply(change: StandingChange): boolean {
    switch (change.kind) {
      case 'put-halt': {
        const { halt } = change
        if (this.#put.run(halt.tenant, halt.target, halt.id, JSON.stringify(halt)).changes === 0) return false
        this.advance(halt.tenant)
        return true
      }
      case 'lift-halt': {
        if (this.#lift.run(change.tenant, change.target, change.id).changes === 0) return false
        this.advance(change.tenant)
        return true
      }
      case 'advance-standing': {
        this.advance(change.tenant)
        return true
      }
    }
  }

  /** Forgets what a transaction that failed has written or would have. */
  clear(): void {
    this.#revisions.clear()
  }
}

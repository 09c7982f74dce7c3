import type { DatabaseSync, StatementSync } from 'node:sqlite'

import { recordRange } from './schema.ts'

/** Fills the search table behind the log, in bulk, when nothing waits to be written. */
export class SearchProjection {
  readonly #tenants: StatementSync
  readonly #filled: StatementSync
  readonly #last: StatementSync
  readonly #fill: StatementSync

  constructor(db: DatabaseSync) {
    this.#tenants = db.prepare('SELECT number FROM tenant')
    this.#filled = db.prepare('SELECT max(id) AS id FROM search WHERE id BETWEEN ? AND ?')
    this.#last = db.prepare('SELECT max(id) AS id FROM record WHERE id BETWEEN ? AND ?')
    this.#fill = db.prepare(
      `INSERT INTO search (id, kind, thing, task, human)
       SELECT id, body ->> '$.kind', body ->> '$.id', body ->> '$.identity.task',
         coalesce(body ->> '$.identity.human', body ->> '$.actor') FROM record
       WHERE id > ? AND id <= ? ORDER BY id LIMIT ?`,
    )
  }

  /** Records that are not in the search table yet, over all tenants. */
  lag(): number {
    return this.#gaps().reduce((sum, gap) => sum + gap.last - gap.filled, 0)
  }

  /** Adds at most `limit` records, in one statement and so one transaction, of one tenant. */
  advance(limit: number): void {
    const gap = this.#gaps().find(({ last, filled }) => last > filled)
    if (gap) this.#fill.run(gap.filled, gap.last, limit)
  }

  #gaps(): { readonly filled: number; readonly last: number }[] {
    return this.#tenants.all().map((row) => {
      const range = recordRange(Number(row['number']))
      const filled = this.#filled.get(...range)?.['id'] ?? range[0] - 1
      const last = this.#last.get(...range)?.['id'] ?? filled
      return { filled: Number(filled), last: Number(last) }
    })
  }
}

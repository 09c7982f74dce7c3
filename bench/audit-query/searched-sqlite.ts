import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DEFAULT_TENANT } from '../../src/core/ids.ts'
import { openForReading, openForWriting } from '../../src/store/sqlite/open-database.ts'
import { migrate } from '../../src/store/sqlite/schema.ts'
import { SearchProjection } from '../../src/store/sqlite/search-projection.ts'
import { SqliteRecords } from '../../src/store/sqlite/sqlite-records.ts'
import { sampleRow } from './sample-rows.ts'
import type { SearchedStore } from './searched-store.ts'

export function searchedSqlite(): SearchedStore {
  const folder = mkdtempSync(join(tmpdir(), 'remit-audit-query-'))
  const file = join(folder, 'remit.db')
  const db = openForWriting(file)
  migrate(db)
  db.exec(`PRAGMA synchronous=OFF; INSERT INTO tenant (number, id) VALUES (0, '${DEFAULT_TENANT}')`)
  const reader = openForReading(file)
  const size = db.prepare(
    'SELECT coalesce(sum(pgsize), 0) AS n FROM dbstat WHERE name LIKE ? AND aggregate = TRUE',
  )
  const of = (like: string): number => Number(size.get(like)?.['n'])
  return {
    name: 'SQLite',
    records: new SqliteRecords(reader),
    async fill(from, until) {
      const record = db.prepare(`INSERT INTO record (id, leaf, body) VALUES (?, zeroblob(32), ?)`)
      const content = db.prepare('INSERT INTO content (id, detail, detail_salt) VALUES (?, ?, zeroblob(16))')
      db.exec('BEGIN')
      for (let index = from; index < until; index++) {
        const { body, detail } = sampleRow(index)
        record.run(index, body)
        if (detail !== undefined) content.run(index, detail)
      }
      db.exec('COMMIT')
    },
    async index() {
      const projection = new SearchProjection(db)
      while (projection.lag() > 0) for (let turn = 0; turn < 100; turn++) projection.advance(256)
    },
    bytes: async () => ({ index: of('%search_%'), ledger: of('record') + of('content') }),
    async close() {
      reader.close()
      db.close()
      rmSync(folder, { recursive: true })
    },
  }
}

import { DatabaseSync } from 'node:sqlite'
import { serialiseRecord, recordBody } from '../src/audit/serialise-record.ts'
import { migrate, recordId } from '../src/store/sqlite/schema.ts'
import { SearchProjection } from '../src/store/sqlite/search-projection.ts'
import { decisionSample } from './replay-sample.ts'

const TENANT = 1

/** An SQLite ledger of so many records of a week, by the bulk way: its leaves prove nothing. */
export function fillLedger(file: string, records: number): void {
  const db = new DatabaseSync(file)
  migrate(db)
  db.exec(
    `PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; INSERT INTO tenant VALUES (${TENANT}, 'default'); BEGIN`,
  )
  const record = db.prepare('INSERT INTO record (id, leaf, body) VALUES (?, ?, ?)')
  const content = db.prepare(
    'INSERT INTO content (id, detail, detail_salt, payload, payload_salt) VALUES (?, ?, ?, ?, ?)',
  )
  const [leaf, salt] = [Buffer.alloc(32), Buffer.alloc(16)]
  const mark = { id: 'w', prev: '0'.repeat(64), seq: 1 }
  const seal = '0'.repeat(64)
  for (let index = 0; index < records; index += 1) {
    const written = serialiseRecord(decisionSample(index))
    const id = recordId(TENANT, index)
    record.run(id, leaf, recordBody(written, { detail: seal, payload: seal }, mark))
    content.run(id, written.detail ?? null, salt, written.payload ?? null, salt)
  }
  db.exec('COMMIT')
  db.close()
}

/** Fills the index of a ledger, as the gateway does behind it. */
export function indexLedger(file: string): void {
  const db = new DatabaseSync(file)
  db.exec('PRAGMA synchronous = OFF')
  const projection = new SearchProjection(db)
  while (projection.lag() > 0) projection.advance(256)
  db.close()
}

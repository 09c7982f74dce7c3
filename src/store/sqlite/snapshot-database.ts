import type { DatabaseSync } from 'node:sqlite'
import { RowGroup, type SnapshotRows, type StoreSnapshot, storedValue } from '../snapshot.ts'
import { openLedgerFile } from './open-sqlite-ledger.ts'
import { schemaVersion } from './schema.ts'

/** Holds nothing that lasts. */
const PROBE = 'probe'

/**
 * Everything in a database file in one read transaction: in WAL mode writers go on meanwhile, and are not seen.
 * @throws RemitError `state_unreadable`.
 */
export function snapshotDatabase(file: string): StoreSnapshot {
  const db = openLedgerFile(file)
  db.exec('BEGIN')
  return { version: schemaVersion(db), rows: () => rowsOf(db), close: () => db.close() }
}

function* rowsOf(db: DatabaseSync): Generator<SnapshotRows> {
  const tables = db
    .prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'`)
    .all()
    .map((row) => String(row['name']))
  for (const table of tables.filter((name) => name !== PROBE).toSorted()) {
    const select = db.prepare(`SELECT * FROM "${table}"`)
    const columns = select.columns().map(({ name }) => name)
    yield { table, columns, rows: [] }
    const group = new RowGroup()
    for (const row of select.iterate()) {
      if (group.add(columns.map((column) => storedValue(row[column])))) {
        yield { table, columns, rows: group.take() }
      }
    }
    yield { table, columns, rows: group.take() }
  }
}

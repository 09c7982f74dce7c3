import type { SnapshotRows, StoredRow, StoredValue } from '../../store/snapshot.ts'
import { recordId } from '../../store/sqlite/schema.ts'

/** Columns that verifying needs, by table; PostgreSQL names records by tenant and index, SQLite by one number. */
const COLUMNS: Readonly<Record<string, readonly string[]>> = {
  tenant: ['number', 'id'],
  record: ['tenant', 'index', 'leaf', 'body'],
  content: ['tenant', 'index', 'detail', 'detail_salt', 'payload', 'payload_salt'],
  tile: ['tenant', 'level', 'number', 'hashes', 'root'],
  checkpoint: ['tenant', 'size', 'note'],
}

/** The ledger among the rows of a PostgreSQL database, as a SQLite database holds it; nothing for other tables. */
export function* ledgerRows({ table, columns, rows }: SnapshotRows): Generator<SnapshotRows> {
  const wanted = COLUMNS[table]?.filter((name) => columns.includes(name))
  if (wanted === undefined) return
  const places = wanted.map((name) => columns.indexOf(name))
  const picked = rows.map((row) => places.map((at) => row[at] ?? null))
  if (wanted[1] !== 'index') yield { table, columns: wanted, rows: picked }
  else yield { table, columns: ['id', ...wanted.slice(2)], rows: picked.map(joinPlace) }
}

function joinPlace([tenant, index, ...rest]: StoredRow): readonly StoredValue[] {
  return [recordId(Number(tenant), Number(index)), ...rest]
}

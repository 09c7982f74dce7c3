import type { DatabaseSync } from 'node:sqlite'

/** What a probe must be able to write: more than one ordinary unit of work. */
const PROBE_BYTES = 65_536

/**
 * Writes, durably, and takes it away again. Only when this works is the storage said to be back.
 * @throws what SQLite throws.
 */
export function probeStorage(db: DatabaseSync): void {
  if (db.isTransaction) db.exec('ROLLBACK')
  db.prepare('INSERT OR REPLACE INTO probe (id, pad) VALUES (1, zeroblob(?))').run(PROBE_BYTES)
  db.exec('DELETE FROM probe')
}

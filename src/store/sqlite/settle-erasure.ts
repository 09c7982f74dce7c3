import type { DatabaseSync } from 'node:sqlite'

/** A database of more pages than this (256 MiB) is written anew at the next start only, when no call waits for it. */
const MOST_PAGES_LIVE = 65_536

/** Into the transaction that erases: whatever happens now, it is known that there is something to settle. */
export function markUnsettled(db: DatabaseSync): void {
  db.exec(`INSERT INTO meta (name, value) VALUES ('erasure', 'unsettled') ON CONFLICT DO NOTHING`)
}

function isUnsettled(db: DatabaseSync): boolean {
  return db.prepare(`SELECT 1 FROM meta WHERE name = 'erasure'`).get() !== undefined
}

/**
 * Leaves nothing of what was erased in the files: where a page was once split, a copy of its rows can lie in free space
 * that `secure_delete` does not reach, and the WAL has pages as they were. So the database is written anew, and the WAL
 * is cut to nothing.
 * @param live calls wait for the writer, so only a small database is done.
 * @returns false = it has to be tried again: the database is large, or somebody reads an older state of it.
 * @throws what SQLite throws when the storage fails; nothing is lost then.
 */
export function settleErasure(db: DatabaseSync, live: boolean): boolean {
  if (!isUnsettled(db)) return true
  const pages = Number(db.prepare('PRAGMA page_count').get()?.['page_count'] ?? 0)
  const large = live && pages > MOST_PAGES_LIVE
  if (!large) db.exec('VACUUM')
  if (!cutLog(db) || large) return false
  db.exec(`DELETE FROM meta WHERE name = 'erasure'`)
  return true
}

function cutLog(db: DatabaseSync): boolean {
  const [row] = db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').all()
  return Number(row?.['busy'] ?? 1) === 0
}

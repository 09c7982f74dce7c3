import { DatabaseSync } from 'node:sqlite'

import { RemitError } from '../../core/errors.ts'
import { isBusyError } from './sqlite-error.ts'

/** Pages of WAL after which a commit also moves them into the database: about 4 MiB, since that commit waits for it. */
const AUTOCHECKPOINT_PAGES = 1000

/** What a WAL that grew in a burst is cut back to: 64 MiB. */
const WAL_LIMIT_BYTES = 67_108_864

/**
 * The one write connection. `synchronous=FULL` makes a commit in WAL mode survive a power cut.
 * @param maxPages upper bound of the database in pages; writing beyond fails like a full disk.
 */
export function openForWriting(file: string, maxPages?: number): DatabaseSync {
  const db = new DatabaseSync(file)
  db.exec('PRAGMA journal_mode=WAL')
  db.exec('PRAGMA synchronous=FULL')
  db.exec(`PRAGMA wal_autocheckpoint=${AUTOCHECKPOINT_PAGES}`)
  db.exec(`PRAGMA journal_size_limit=${WAL_LIMIT_BYTES}`)
  db.exec('PRAGMA busy_timeout=2000')
  db.exec('PRAGMA trusted_schema=OFF')
  // What an erasure or a change of a row takes away is overwritten where it lay.
  db.exec('PRAGMA secure_delete=ON')
  if (maxPages !== undefined) db.exec(`PRAGMA max_page_count=${maxPages}`)
  return db
}

/** @throws RemitError `state_unreadable` when there is no such database or it cannot be opened. */
export function openForReading(file: string): DatabaseSync {
  try {
    const db = new DatabaseSync(file, { readOnly: true })
    db.exec('PRAGMA busy_timeout=2000')
    db.exec('PRAGMA trusted_schema=OFF')
    return db
  } catch (error) {
    throw new RemitError(
      'state_unreadable',
      `the database \`${file}\` cannot be opened; check path and rights`,
      {
        cause: error,
      },
    )
  }
}

/**
 * Takes the state folder for this process: an exclusive transaction on a database beside it, which the
 * operating system ends with the process, however that ends.
 * @returns lets go.
 * @throws RemitError `state_locked` when another process (or store) has it, `state_unreadable` when the lock
 *   cannot be made.
 */
export function lockState(file: string): () => void {
  const lockFile = `${file}-lock`
  try {
    const db = new DatabaseSync(lockFile)
    try {
      db.exec('BEGIN EXCLUSIVE')
    } catch (error) {
      db.close()
      throw error
    }
    return () => db.close()
  } catch (error) {
    if (isBusyError(error)) {
      throw new RemitError('state_locked', `another gateway is using \`${file}\`; stop it first`)
    }
    throw new RemitError('state_unreadable', `\`${lockFile}\` cannot be written; check path and rights`, {
      cause: error,
    })
  }
}

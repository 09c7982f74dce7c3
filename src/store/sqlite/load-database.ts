import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { RemitError } from '../../core/errors.ts'
import { laterRelease } from '../later-release.ts'
import { isSqlName, loadedValue, type SnapshotRows } from '../snapshot.ts'
import { openForWriting } from './open-database.ts'
import { migrate, SCHEMA_VERSION } from './schema.ts'

/** Fills a new database from a backup, in one transaction. */
export class DatabaseLoader {
  readonly #db: DatabaseSync
  readonly #inserts = new Map<string, StatementSync>()

  /**
   * @param file must not be there yet.
   * @throws RemitError `backup_unusable` when the backup is of a later release.
   */
  constructor(file: string, version: number) {
    if (version > SCHEMA_VERSION) throw laterRelease(version, SCHEMA_VERSION)
    this.#db = openForWriting(file)
    // Whoever reads it before it is finished has nothing anyway.
    this.#db.exec('PRAGMA synchronous=OFF')
    migrate(this.#db, version)
    this.#db.exec('BEGIN; DELETE FROM schema_version')
  }

  /** @throws RemitError `backup_unusable` for rows that this version of the database has no place for. */
  add({ table, columns, rows }: SnapshotRows): void {
    try {
      const insert = this.#insertInto(table, columns)
      for (const row of rows) insert.run(...(row.map(loadedValue) as string[]))
    } catch (cause) {
      if (cause instanceof RemitError) throw cause
      throw new RemitError('backup_unusable', `the backup’s table \`${table}\` cannot be loaded`, { cause })
    }
  }

  /**
   * Durable afterwards, all of it in the one file.
   * @param version where the rows say nothing of it.
   */
  finish(version?: number): void {
    if (version !== undefined) this.#db.exec(`INSERT INTO schema_version (version) VALUES (${version})`)
    this.#db.exec('COMMIT; PRAGMA synchronous=FULL')
    this.#db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    this.#db.close()
  }

  abandon(): void {
    if (this.#db.isOpen) this.#db.close()
  }

  #insertInto(table: string, columns: readonly string[]): StatementSync {
    const key = [table, ...columns].join()
    const known = this.#inserts.get(key)
    if (known !== undefined) return known
    if (![table, ...columns].every(isSqlName)) {
      throw new RemitError('backup_unusable', 'the backup names a table or column that cannot be')
    }
    const names = columns.map((name) => `"${name}"`).join()
    const places = columns.map(() => '?').join()
    const insert = this.#db.prepare(`INSERT INTO "${table}" (${names}) VALUES (${places})`)
    this.#inserts.set(key, insert)
    return insert
  }
}

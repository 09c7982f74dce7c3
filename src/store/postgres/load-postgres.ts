import type { Pool, PoolClient } from 'pg'
import { RemitError } from '../../core/errors.ts'
import { isSqlName, loadedValue, type SnapshotRows } from '../snapshot.ts'
import { laterRelease } from '../later-release.ts'
import { refuseOtherWriters } from './claim-writer.ts'
import { connectPostgres, isServerError, storeUnavailable, type PostgresPlace } from './connect.ts'
import { MIGRATIONS } from './schema.ts'

export interface LoadOptions extends PostgresPlace {
  /** Of the backup. */
  readonly version: number
  /** Tables that are there are moved into a schema of this name; absent = they are in the way. */
  readonly moveTo?: string | undefined
}

/**
 * Fills a database from a backup in one transaction: all of it is there afterwards, or nothing was touched.
 * @throws RemitError `backup_unusable`, `restore_refused` where the database is not empty, `state_locked` while a gateway
 *   uses it, `ledger_unavailable`.
 */
export async function loadPostgres(options: LoadOptions, rows: AsyncIterable<SnapshotRows>): Promise<void> {
  if (options.version > MIGRATIONS.length) throw laterRelease(options.version, MIGRATIONS.length)
  const pool = connectPostgres(options, {
    max: 1,
    statement_timeout: 0,
    query_timeout: 0,
    idle_in_transaction_session_timeout: 0,
  })
  try {
    await inTransaction(pool, async (client) => {
      await refuseOtherWriters(client, 0)
      await clear(client, options.moveTo)
      await client.query('CREATE TABLE schema_version (version integer PRIMARY KEY)')
      for (const sql of MIGRATIONS.slice(0, options.version)) await client.query(sql)
      for await (const group of rows) await insert(client, group)
      await continueIdentities(client)
    })
  } catch (error) {
    if (error instanceof RemitError) throw error
    if (isServerError(error)) throw storeUnavailable(error)
    throw new RemitError('backup_unusable', 'the backup’s rows cannot be loaded; nothing was changed', {
      cause: error,
      detail: error instanceof Error ? error.message : String(error),
    })
  } finally {
    await pool.end()
  }
}

async function inTransaction(pool: Pool, work: (client: PoolClient) => Promise<void>): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    await work(client)
    await client.query('COMMIT')
    client.release()
  } catch (error) {
    // Ends the transaction with the connection, whatever state both are in.
    client.release(true)
    throw error
  }
}

async function clear(client: PoolClient, moveTo: string | undefined): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT table_name::text AS name FROM information_schema.tables
     WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' ORDER BY table_name`,
  )
  if (rows.length === 0) return
  if (moveTo === undefined) {
    throw new RemitError(
      'restore_refused',
      'the database is not empty; name an empty one, or give `--force` to move what is there into a schema of its own',
    )
  }
  await client.query(`CREATE SCHEMA "${moveTo}"`)
  for (const { name } of rows) await client.query(`ALTER TABLE "${name}" SET SCHEMA "${moveTo}"`)
}

async function insert(client: PoolClient, { table, columns, rows }: SnapshotRows): Promise<void> {
  if (rows.length === 0) return
  if (![table, ...columns].every(isSqlName)) {
    throw new RemitError('backup_unusable', 'the backup names a table or column that cannot be')
  }
  const names = columns.map((name) => `"${name}"`).join()
  // Numbers of parameters are 16 bits on the wire.
  const most = Math.max(1, Math.floor(60_000 / columns.length))
  for (let from = 0; from < rows.length; from += most) {
    const some = rows.slice(from, from + most)
    const places = some.map(
      (_, row) => `(${columns.map((__, at) => `$${row * columns.length + at + 1}`).join()})`,
    )
    await client.query(
      `INSERT INTO "${table}" (${names}) OVERRIDING SYSTEM VALUE VALUES ${places.join()}`,
      some.flatMap((row) => row.map(loadedValue)),
    )
  }
}

/** Rows came with their numbers; new ones must come after them. */
async function continueIdentities(client: PoolClient): Promise<void> {
  const { rows } = await client.query<{ table: string; column: string }>(
    `SELECT table_name::text AS table, column_name::text AS column FROM information_schema.columns
     WHERE table_schema = current_schema() AND is_identity = 'YES'`,
  )
  for (const { table, column } of rows) {
    await client.query(
      `SELECT setval(pg_get_serial_sequence($1, $2), greatest((SELECT max("${column}") FROM "${table}"), 1),
         EXISTS (SELECT FROM "${table}"))`,
      [`"${table}"`, column],
    )
  }
}

import type { PoolClient } from 'pg'
import { RowGroup, type SnapshotRows, type StoreSnapshot, storedValue } from '../snapshot.ts'
import { connectPostgres, storeUnavailable, type PostgresPlace } from './connect.ts'

const PAGE = 2_000

/**
 * Everything that is in the database in one repeatable-read transaction: writers go on meanwhile, and are not seen.
 * @throws RemitError `ledger_unavailable` when the database cannot be reached.
 */
export async function snapshotPostgres(place: PostgresPlace): Promise<StoreSnapshot> {
  const pool = connectPostgres(place, {
    max: 1,
    statement_timeout: 0,
    query_timeout: 0,
    idle_in_transaction_session_timeout: 0,
  })
  try {
    const client = await pool.connect()
    await client.query('BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY')
    const { rows } = await client.query<{ version: number }>(
      'SELECT max(version) AS version FROM schema_version',
    )
    return {
      version: rows[0]?.version ?? 0,
      rows: () => rowsOf(client),
      close: async () => {
        client.release(true)
        await pool.end()
      },
    }
  } catch (error) {
    await pool.end()
    throw storeUnavailable(error)
  }
}

async function* rowsOf(client: PoolClient): AsyncGenerator<SnapshotRows> {
  for (const { table, columns } of await tablesOf(client)) {
    yield { table, columns, rows: [] }
    const names = columns.map((name) => `"${name}"`).join()
    await client.query(`DECLARE backup NO SCROLL CURSOR FOR SELECT ${names} FROM "${table}"`)
    const group = new RowGroup()
    for (;;) {
      const { rows } = await client.query<unknown[]>({ text: `FETCH ${PAGE} FROM backup`, rowMode: 'array' })
      if (rows.length === 0) break
      for (const row of rows) {
        if (group.add(row.map(storedValue))) yield { table, columns, rows: group.take() }
      }
    }
    await client.query('CLOSE backup')
    yield { table, columns, rows: group.take() }
  }
}

async function tablesOf(
  client: PoolClient,
): Promise<readonly { readonly table: string; readonly columns: readonly string[] }[]> {
  const { rows } = await client.query<{ name: string; columns: string[] }>(
    `SELECT table_name::text AS name, array_agg(column_name::text ORDER BY ordinal_position) AS columns
     FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
     WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' GROUP BY table_name ORDER BY table_name`,
  )
  return rows.map(({ name, columns }) => ({ table: name, columns }))
}

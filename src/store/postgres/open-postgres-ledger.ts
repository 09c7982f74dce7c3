import type { Pool, PoolClient } from 'pg'
import type { CheckpointRow, LedgerRow, LedgerSource, SealedBytes } from '../../audit/ledger-source.ts'
import { decisionRows } from './decision-rows.ts'
import { connectPostgres, storeUnavailable, type PostgresPlace } from './connect.ts'

/** Rows read at a time. */
const PAGE = 2_000
/** No row has it. */
const NO_TENANT = -1

/**
 * The ledger in a database, read-only, whether or not gateways are using it: one snapshot, from the first look until it
 * is closed.
 * @throws RemitError `ledger_unavailable` when the database cannot be reached.
 */
export async function openPostgresLedger(place: PostgresPlace): Promise<LedgerSource> {
  const pool = connectPostgres(place, {
    max: 1,
    statement_timeout: 0,
    query_timeout: 0,
    idle_in_transaction_session_timeout: 0,
  })
  const client = await beginSnapshot(pool)
  const numberOf = async (tenant: string): Promise<number> => {
    const { rows } = await client.query<{ number: number }>('SELECT number FROM tenant WHERE id = $1', [
      tenant,
    ])
    return rows[0]?.number ?? NO_TENANT
  }
  return {
    async *tenants() {
      const { rows } = await client.query<{ id: string }>('SELECT id FROM tenant ORDER BY number')
      for (const { id } of rows) yield id
    },
    async *records(tenant, from) {
      yield* records(client, await numberOf(tenant), from)
    },
    async *keyChanges(tenant) {
      const { rows } = await client.query<{ index: number; body: Buffer }>(KEY_CHANGES, [
        await numberOf(tenant),
      ])
      yield* rows
    },
    decisions: (tenant, since) => decisionRows(client, numberOf(tenant), since),
    checkpoints: (tenant) => checkpoints(client, numberOf(tenant)),
    tiles: (tenant) => ({
      get: async ({ level, index }) => {
        const { rows } = await client.query<{ hashes: Buffer }>(
          'SELECT hashes FROM tile WHERE tenant = $1 AND level = $2 AND number = $3',
          [await numberOf(tenant), level, index],
        )
        return rows[0]?.hashes
      },
      async *keys() {
        const { rows } = await client.query<{ level: number; index: number }>(
          'SELECT level, number AS index FROM tile WHERE tenant = $1 ORDER BY level, number',
          [await numberOf(tenant)],
        )
        yield* rows
      },
    }),
    damage: () => damage(client),
    close: () => {
      client.release(true)
      void pool.end()
    },
  }
}

async function* checkpoints(client: PoolClient, tenant: Promise<number>): AsyncGenerator<CheckpointRow> {
  const number = await tenant
  for (let after = -1; ;) {
    const { rows } = await client.query<{ size: number; note: string }>(
      'SELECT size, note FROM checkpoint WHERE tenant = $1 AND size > $2 ORDER BY size LIMIT $3',
      [number, after, PAGE],
    )
    yield* rows
    const last = rows.at(-1)
    if (last === undefined) return
    after = last.size
  }
}

async function beginSnapshot(pool: Pool): Promise<PoolClient> {
  try {
    const client = await pool.connect()
    await client.query('BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY')
    return client
  } catch (error) {
    await pool.end()
    throw storeUnavailable(error)
  }
}

interface StoredRow {
  readonly index: number
  readonly leaf: Buffer | null
  readonly body: Buffer | null
  readonly detail: Buffer | null
  readonly detail_salt: Buffer | null
  readonly payload: Buffer | null
  readonly payload_salt: Buffer | null
}

/** Both tables in step, so that content without a record is seen too. */
const RECORDS = `SELECT index, leaf, convert_to(body, 'UTF8') AS body, convert_to(detail, 'UTF8') AS detail, detail_salt,
    convert_to(payload, 'UTF8') AS payload, payload_salt
  FROM (SELECT * FROM record WHERE tenant = $1) AS record
  FULL JOIN (SELECT index, detail, detail_salt, payload, payload_salt FROM content WHERE tenant = $1) AS content
  USING (index) WHERE index > $2 ORDER BY index LIMIT $3`

const KEY_CHANGES = `SELECT index, convert_to(body, 'UTF8') AS body FROM record WHERE tenant = $1
  AND position('"kind":"ledger.key"' IN body) > 0 ORDER BY index`

async function* records(client: PoolClient, tenant: number, from = 0): AsyncGenerator<LedgerRow> {
  for (let after = from - 1; ;) {
    const { rows } = await client.query<StoredRow>(RECORDS, [tenant, after, PAGE])
    for (const row of rows) yield ledgerRow(row)
    const last = rows.at(-1)
    if (last === undefined) return
    after = last.index
  }
}

function ledgerRow(row: StoredRow): LedgerRow {
  const detail = sealedOf(row.detail, row.detail_salt)
  const payload = sealedOf(row.payload, row.payload_salt)
  return {
    index: row.index,
    ...(row.leaf === null ? {} : { leaf: row.leaf }),
    ...(row.body === null ? {} : { body: row.body }),
    ...(detail && { detail }),
    ...(payload && { payload }),
  }
}

function sealedOf(text: Buffer | null, salt: Buffer | null): SealedBytes | undefined {
  if (text === null && salt === null) return undefined
  return { ...(text === null ? {} : { text }), ...(salt === null ? {} : { salt }) }
}

async function* damage(client: PoolClient): AsyncGenerator<string> {
  for (const table of ['record', 'content', 'tile', 'checkpoint']) {
    const { rows } = await client.query(
      `SELECT 1 FROM ${table} WHERE NOT EXISTS (SELECT FROM tenant WHERE number = ${table}.tenant) LIMIT 1`,
    )
    if (rows.length > 0) yield `table ${table} has rows of no tenant`
  }
}

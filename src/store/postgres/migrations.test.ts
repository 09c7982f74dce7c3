import { createPublicKey } from 'node:crypto'
import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import {
  expectLedgerHolds,
  expectMigrated,
  OLD_KEY,
  OLD_STATE,
  oldLedger,
} from '../../../test/suites/old-rows.ts'
import { emptied, startPostgres, type TestPostgres } from '../../../test/support/postgres.ts'
import { DEFAULT_TENANT } from '../../core/ids.ts'
import { SILENT } from '../../core/log.ts'
import type { LedgerStore } from '../store.ts'
import { openPostgresLedger } from './open-postgres-ledger.ts'
import { openPostgresStore } from './open-postgres-store.ts'
import { MIGRATIONS } from './schema.ts'

const ledger = oldLedger()
const HUMAN_SINCE = MIGRATIONS.findIndex((sql) => sql.includes('record ADD COLUMN human')) + 1
let server: TestPostgres
let url: string

beforeAll(async () => {
  server = await startPostgres()
  url = await server.createDatabase()
})

afterEach(() => emptied(url, 'tables'))

afterAll(async () => {
  await server.remove()
})

type Row = Readonly<Record<string, unknown>>

async function insert(client: Client, table: string, ...rows: readonly Row[]): Promise<void> {
  const names = Object.keys(rows[0] ?? {})
  const places = rows.map((_, row) => `(${names.map((__, at) => `$${row * names.length + at + 1}`).join()})`)
  await client.query(
    `INSERT INTO ${table} (${names.join()}) OVERRIDING SYSTEM VALUE VALUES ${places.join()}`,
    rows.flatMap((row) => Object.values(row)),
  )
}

/** A database as a release left it that knew the first `version` steps. */
async function oldDatabase(version: number): Promise<Client> {
  const client = new Client({ connectionString: url })
  await client.connect()
  await client.query('BEGIN; CREATE TABLE schema_version (version integer PRIMARY KEY)')
  for (const [step, sql] of MIGRATIONS.slice(0, version).entries()) {
    await client.query(sql)
    await insert(client, 'schema_version', { version: step + 1 })
  }
  await client.query('INSERT INTO tenant (id, size) VALUES ($1, $2)', [DEFAULT_TENANT, ledger.records.length])
  const human = version < HUMAN_SINCE ? {} : { human: 'ada' }
  const records = ledger.records.map(({ index, leaf, body }) => {
    const searched = { kind: 'decision', thing: `dec_${index}`, task: 'tsk_old', ...human }
    return { tenant: 1, index, leaf, body, ...searched }
  })
  await insert(client, 'record', ...records)
  const contents = ledger.contents.map(({ index, detail, payload }) => ({
    tenant: 1,
    index,
    detail: detail?.text,
    detail_salt: detail?.salt,
    payload: payload?.text,
    payload_salt: payload?.salt,
  }))
  await insert(client, 'content', ...contents)
  const tiles = ledger.tiles.map(({ level, index, hashes }) => ({ tenant: 1, level, number: index, hashes }))
  await insert(client, 'tile', ...tiles)
  for (const { size, note } of ledger.checkpoints)
    await insert(client, 'checkpoint', { tenant: 1, size, note })
  await client.query('INSERT INTO writer (id) VALUES ($1)', [OLD_STATE.writer])
  await insert(client, 'writer_place', { writer: OLD_STATE.writer, tenant: 1, ...ledger.place })
  await insert(client, 'task', OLD_STATE.task)
  await insert(client, 'approval', OLD_STATE.approval)
  const counts = { calls: 7, writes: 2, denials: 1, consents: 0, errors: 0 }
  await insert(client, 'session_facts', {
    tenant: DEFAULT_TENANT,
    root: 'tsk_old',
    ...counts,
    labels: ['source'],
  })
  await client.query('COMMIT')
  return client
}

const open = (): Promise<LedgerStore> => openPostgresStore({ url, signingKey: OLD_KEY, log: SILENT })

describe('R-REL-1: a PostgreSQL database of an earlier release', () => {
  test.each(
    MIGRATIONS.keys()
      .map((step) => step + 1)
      .toArray(),
  )('of version %i is opened with all that it holds, and goes on', async (version) => {
    const client = await oldDatabase(version)
    const store = await open()
    await expectMigrated(store)
    await store.close()
    const { rows } = await client.query('SELECT max(version) AS version FROM schema_version')
    expect(rows).toEqual([{ version: MIGRATIONS.length }])
    await client.end()
    await expectLedgerHolds(await openPostgresLedger({ url, log: SILENT }), createPublicKey(OLD_KEY))
  })

  test('stays whole where a step fails halfway, and is brought up once nothing is in the way', async () => {
    const client = await oldDatabase(1)
    // The second step meets a table of that name, when columns were added already.
    await client.query('CREATE TABLE halt (note text)')
    await expect(open()).rejects.toThrow('halt')
    const columns = `SELECT count(*)::int AS count FROM information_schema.columns WHERE table_name = 'tenant'`
    expect((await client.query(columns)).rows).toEqual([{ count: 3 }])
    expect((await client.query('SELECT max(version) AS version FROM schema_version')).rows).toEqual([
      { version: 1 },
    ])
    await client.query('DROP TABLE halt')
    await client.end()
    const store = await open()
    await expectMigrated(store)
    await store.close()
  })
})

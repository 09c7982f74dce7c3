import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Installation, PASSPHRASE, restore, rewritten } from '../../../test/support/backed-up.ts'
import { startPostgres, type TestPostgres } from '../../../test/support/postgres.ts'
import { DEFAULT_TENANT } from '../../core/ids.ts'
import { openPostgresStore } from '../../store/postgres/open-postgres-store.ts'
import { loadKeys } from '../keys.ts'
import { verifyOffline } from '../offline-ledger.ts'
import { rotateLedgerKey } from '../rotate-ledger-key.ts'
import { openStateFolder } from '../state-folder.ts'

let server: TestPostgres
let gateway: Installation
let file: string
let target: string
let url: string

beforeAll(async () => {
  server = await startPostgres()
  const from = await server.createDatabase()
  gateway = new Installation(from)
  await gateway.run(() => openPostgresStore({ ...gateway.options, url: from }))
  await Promise.all(Array.from({ length: 280 }, (_, i) => gateway.write(`first${i}`)))
  const on = new AbortController()
  const writing = (async () => {
    for (let i = 0; !on.signal.aborted && i < 100; i++) await gateway.write(`during${i}`)
  })()
  file = join(gateway.home, 'all.backup')
  await gateway.backUp(file, PASSPHRASE)
  on.abort()
  await writing
})

afterAll(async () => {
  await gateway.remove()
  await server.remove()
})

beforeEach(async () => {
  target = mkdtempSync(join(tmpdir(), 'remit-restored-'))
  url = await server.createDatabase()
  writeFileSync(join(target, 'remit.yaml'), `policies: [policies]\nstore: ${url}\n`)
})

afterEach(() => {
  rmSync(target, { recursive: true, force: true })
})

async function sql<Row>(text: string): Promise<readonly Row[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query(text)
  await client.end()
  return rows as Row[]
}

const TABLES = `SELECT table_schema::text AS schema, table_name::text AS name FROM information_schema.tables
  WHERE (table_schema = 'public' OR table_schema LIKE 'remit%')`

describe('R-REL-1: a backup of PostgreSQL, made by the command line alone', () => {
  test('while replicas write is one moment of them, and goes on in another database', async () => {
    const { tenants, kept } = await restore(target, file)
    expect(tenants[0]?.records).toBeGreaterThan(280)
    expect(kept).toEqual([join(target, 'remit.yaml')])
    expect(await verifyOffline({ cwd: target, environ: {} })).toMatchObject({ ok: true, tenants })
    const state = openStateFolder(join(target, '.remit'))
    const store = await openPostgresStore({
      ...gateway.options,
      url,
      checkpointFolder: state.checkpoints,
      signingKey: loadKeys(state.keys).checkpoint.privateKey,
    })
    const tasks = await store.tasks.list(DEFAULT_TENANT, 10_000)
    const query = { tenant: DEFAULT_TENANT, kind: 'decision', limit: 10_000 } as const
    expect(tasks).toHaveLength((await store.records.query(query)).length)
    // New rows get numbers after those that came along.
    const record = { tenant: DEFAULT_TENANT, limit: 1 }
    const [last] = await store.records.query(record)
    expect(last).toBeDefined()
    await store.close()
    await gateway.write('other')
    const [top] = await sql<{ place: number }>('SELECT max(place)::int AS place FROM task')
    await sql(`INSERT INTO task (tenant, id, created, body) VALUES ('default', 'tsk_new', 1, '{}')`)
    const [next] = await sql<{ place: number }>(`SELECT place::int FROM task WHERE id = 'tsk_new'`)
    expect(next?.place).toBe((top?.place ?? 0) + 1)
  })

  test('is refused by a database that is not empty, whose tables `--force` moves into a schema of their own', async () => {
    await sql('CREATE TABLE task (note text)')
    await expect(restore(target, file)).rejects.toMatchObject({ code: 'restore_refused' })
    expect(await sql(TABLES)).toEqual([{ schema: 'public', name: 'task' }])
    expect(readdirSync(target)).toEqual(['remit.yaml'])
    await restore(target, file, { force: true })
    const moved = await sql<{ schema: string }>(`${TABLES} AND table_name = 'task'`)
    expect(moved.map(({ schema }) => schema.slice(0, 13)).toSorted()).toEqual(['public', 'remit_before_'])
  })

  test('that does not load whole leaves the database as it was', async () => {
    const changed = rewritten(file, (lines) =>
      lines.map((line) => line.replace('"table":"task"', '"table":"tasks"')),
    )
    const without = { passphrase: async () => undefined }
    await expect(restore(target, changed, without)).rejects.toMatchObject({ code: 'backup_unusable' })
    expect(await sql(TABLES)).toEqual([])
    expect(readdirSync(target)).toEqual(['remit.yaml'])
  })

  test('is not restored, and R-AUD-2: no key changed, under a gateway that runs, nor over another kind of store', async () => {
    const running = await openPostgresStore({ ...gateway.options, url })
    await expect(restore(target, file, { force: true })).rejects.toMatchObject({ code: 'state_locked' })
    // Nor does its key change meanwhile: it would go on signing with the one of before.
    await expect(rotateLedgerKey({ cwd: target, environ: {} })).rejects.toMatchObject({
      code: 'state_locked',
    })
    await running.close()
    await rotateLedgerKey({ cwd: target, environ: {} })
    const report = await verifyOffline({ cwd: target, environ: {} })
    expect(report).toMatchObject({ ok: true, tenants: [{ records: 1, keyChanges: 1 }] })
    writeFileSync(join(target, 'remit.yaml'), 'policies: [policies]\n')
    await expect(restore(target, file)).rejects.toMatchObject({ code: 'restore_refused' })
  })
})

import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { admin, BOTH, erasureDeps, fillForErasure } from '../../../test/suites/erasure-suite.ts'
import { decisionRecord } from '../../../test/suites/sample-records.ts'
import { describeStore } from '../../../test/suites/store-suite.ts'
import { seeded } from '../../../test/suites/tampering/sample.ts'
import { postgresSampleOf, tamperPostgres } from '../../../test/suites/tampering/tamper-postgres.ts'
import { emptied, startPostgres, type TestPostgres } from '../../../test/support/postgres.ts'
import { type TreeHead, verifyCheckpoint } from '../../audit/checkpoint.ts'
import { verifyLedger } from '../../audit/verify.ts'
import { is } from '../../core/audit-query/condition.ts'
import { DEFAULT_TENANT, type TenantId } from '../../core/ids.ts'
import { SILENT } from '../../core/log.ts'
import { createErasures } from '../../gate/erasure/create-erasures.ts'
import { DECISIONS_SINCE, decisionsSince, fillTenDays } from '../../../test/suites/past-decisions.ts'
import { connectPostgres } from './connect.ts'
import { forgetSearch } from './forget-search.ts'
import { openPostgresLedger } from './open-postgres-ledger.ts'
import { openPostgresStore } from './open-postgres-store.ts'

const { privateKey: signingKey } = generateKeyPairSync('ed25519')
const { privateKey: otherKey } = generateKeyPairSync('ed25519')
let server: TestPostgres

beforeAll(async () => {
  server = await startPostgres()
})

afterAll(async () => {
  await server.remove()
})

test('R-POL-11, R-AUD-2: each tenant’s checkpoints are signed with its own key, and only with that they hold', async () => {
  const url = await server.createDatabase()
  const { privateKey: own } = generateKeyPairSync('ed25519')
  const place = { url, signingKey, tenantKeys: new Map([['acme', own]]), log: SILENT }
  const names = ['acme', 'home'] as TenantId[]
  for (const id of ['dec_1', 'dec_2']) {
    // Opened again, a ledger goes on from a checkpoint under the same key.
    const store = await openPostgresStore(place)
    const records = names.map((tenant) => decisionRecord({ id, task: 'tsk_1', tenant }))
    for (const record of records) await store.journal.commit({ records: [record], changes: [] })
    await store.close()
  }
  const ledger = await openPostgresLedger({ url, log: SILENT })
  const [shared, acme] = [signingKey, own].map((key) => createPublicKey(key)) as [KeyObject, KeyObject]
  const tenantKey = (tenant: string): KeyObject | undefined => (tenant === 'acme' ? acme : undefined)
  expect(await verifyLedger(ledger, { publicKey: shared, tenantKey })).toMatchObject({ ok: true })
  const { findings } = await verifyLedger(ledger, { publicKey: shared })
  expect(findings.length).toBeGreaterThan(0)
  expect(new Set(findings.map(({ tenant }) => tenant))).toEqual(new Set(['acme']))
  ledger.close()
})

test('R-AUD-2: an erasure on PostgreSQL is told by `verify`, and content that was removed from it', async () => {
  const url = await server.createDatabase()
  let store = await openPostgresStore({ url, signingKey, log: SILENT })
  await fillForErasure(store, 'mark7')
  await store.close()
  const publicKey = createPublicKey(signingKey)
  const verify = async (since?: TreeHead) => {
    const ledger = await openPostgresLedger({ url, log: SILENT })
    const report = await verifyLedger(ledger, { publicKey, since: () => since })
    const notes: string[] = []
    for await (const { note } of ledger.checkpoints(DEFAULT_TENANT)) notes.push(note)
    ledger.close()
    const check = verifyCheckpoint(notes.at(-1) ?? '', publicKey)
    return { ...report, newest: check.ok ? check.head : undefined }
  }
  const { newest: before } = await verify()
  store = await openPostgresStore({ url, signingKey, log: SILENT })
  const wish = { selection: { task: 'tsk_1' }, parts: BOTH, reason: 'case 7' }
  const { order } = await createErasures(erasureDeps(store)).erase(admin, wish)
  await store.close()
  // From a checkpoint on that was signed before: what it took content of lies behind the start.
  const later = await verify(before)
  expect(later).toMatchObject({
    ok: true,
    tenants: [{ from: before?.size, erasures: [{ order, records: 4 }] }],
  })
  const report = await verify()
  expect(report).toMatchObject({ ok: true })
  expect(report.tenants[0]?.erasures).toMatchObject([
    { order, by: 'adm', records: 4, reason: 'case 7', done: true },
  ])
  const client = new Client(url)
  await client.connect()
  await client.query('UPDATE content SET payload = NULL, payload_salt = NULL WHERE index = 4')
  await client.end()
  expect((await verify()).findings).toMatchObject([{ kind: 'content', index: 4 }])
})

test('R-AUD-2: what is erased is found by nothing that stood in it, and its words leave the index', async () => {
  const url = await server.createDatabase()
  const store = await openPostgresStore({ url, signingKey, log: SILENT })
  const records = Array.from({ length: 5 }, (_, i) => decisionRecord({ id: `dec_${i}`, task: 'tsk_1' }))
  await store.journal.commit({ records, changes: [] })
  const where = is('resource', '/work/repo/src/a.ts')
  const count = async () =>
    (await store.search.count({ tenant: DEFAULT_TENANT, where, order: 'newest' })).count
  const client = new Client({ connectionString: url })
  await client.connect()
  const filled = async () => (await client.query('SELECT sum(count)::integer AS n FROM search_block')).rows[0]
  await expect.poll(filled, { timeout: 20_000 }).toEqual({ n: 5 })
  expect(await count()).toBe(5)
  await client.query('BEGIN')
  await forgetSearch(client, 1, { from: 1, until: 4 })
  await client.query('COMMIT')
  expect(await count()).toBe(2)
  await forgetSearch(client, 1, { from: 0, until: 5 })
  expect(await count()).toBe(0)
  const { rows } = await client.query(`SELECT 1 FROM search_term WHERE field = 'resource'`)
  expect(rows).toEqual([])
  await client.end()
  await store.close()
})

test('R-AUD-2: thirty tamperings with the database, three of each kind, are all found where they are', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'remit-tamper-'))
  const keys = { privateKey: signingKey, publicKey: createPublicKey(signingKey), thief: otherKey }
  const sample = await postgresSampleOf({ url: await server.createDatabase(), folder, ...keys })
  const random = seeded(8)
  const missed: unknown[] = []
  for (let n = 0; n < 30; n++) {
    const { tampering, report } = await tamperPostgres(sample, n, random)
    if (!report.findings.some(tampering.isFound)) missed.push({ ...tampering, findings: report.findings })
  }
  expect(missed).toEqual([])
  await sample.client.end()
  await rm(folder, { recursive: true })
})

let shared: string | undefined

describeStore('on PostgreSQL', async () => {
  shared ??= await server.createDatabase()
  const url = shared
  return {
    durable: true,
    open: () => openPostgresStore({ url, signingKey, log: SILENT }),
    remove: () => emptied(url),
  }
})

test('R-POL-8: decisions of the past are read with what explains them, from a time on', async () => {
  const url = await server.createDatabase()
  const store = await openPostgresStore({ url, signingKey, log: SILENT })
  await fillTenDays(store.journal)
  await store.close()
  const ledger = await openPostgresLedger({ url, log: SILENT })
  expect(await decisionsSince(ledger)).toEqual(DECISIONS_SINCE)
  ledger.close()
})

test('R-REL-1: a connection in use that breaks between two statements fails the next one, and ends no process', async () => {
  const pool = connectPostgres({ url: await server.createDatabase(), log: SILENT })
  const client = await pool.connect()
  const ended = new Promise<void>((resolve) => client.once('end', () => resolve()))
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
  await pool.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid])
  await ended
  await expect(client.query('SELECT 1')).rejects.toThrow('not queryable')
  client.release(true)
  await pool.end()
})

import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { admin, BOTH, erasureDeps, fillForErasure } from '../../../test/suites/erasure-suite.ts'
import { decisionRecord } from '../../../test/suites/sample-records.ts'
import { exportLedger } from '../../audit/export-ledger.ts'
import { openExport } from '../../audit/open-export.ts'
import { verifyLedger, type VerifyReport } from '../../audit/verify.ts'
import type { TenantId } from '../../core/ids.ts'
import { SILENT } from '../../core/log.ts'
import { createErasures } from '../../gate/erasure/create-erasures.ts'
import type { LedgerStore } from '../store.ts'
import { openForWriting } from './open-database.ts'
import { openSqliteLedger } from './open-sqlite-ledger.ts'
import { openSqliteStore } from './open-sqlite-store.ts'
import { markUnsettled, settleErasure } from './settle-erasure.ts'

const { privateKey: signingKey } = generateKeyPairSync('ed25519')
const publicKey = createPublicKey(signingKey)
let folder: string
let file: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'remit-erasure-'))
  file = join(folder, 'remit.db')
})

afterEach(() => {
  rmSync(folder, { recursive: true })
})

function open(): Promise<LedgerStore> {
  return openSqliteStore({ file, signingKey, log: SILENT })
}

/** Names of files in the folder that hold the bytes. */
function filesWith(text: string): readonly string[] {
  return readdirSync(folder).filter((name) => readFileSync(join(folder, name)).includes(text))
}

async function verify(): Promise<VerifyReport> {
  const source = openSqliteLedger(file)
  try {
    return await verifyLedger(source, { publicKey })
  } finally {
    source.close()
  }
}

test('R-AUD-2: nothing of what was erased is left in database, WAL or export, and every proof holds', async () => {
  const store = await open()
  await fillForErasure(store, 'mark7erased')
  const [other, own] = ['acme', 'default'] as [TenantId, TenantId]
  // Rows of another tenant stand behind in the same tables, so that pages split as they fill up.
  for (let n = 0; n < 60; n++) {
    const [tenant, word] = n % 2 === 0 ? ([other, 'mark7kept'] as const) : ([own, 'mark7erased'] as const)
    const record = decisionRecord({ id: `dec_${n}`, task: 'tsk_9', tenant })
    const payload = { arguments: { content: word.repeat((n * 7) % 190) } }
    await store.journal.commit({ records: [{ ...record, payload }], changes: [] })
  }
  expect(filesWith('mark7erased').length).toBeGreaterThan(0)
  const wish = { selection: { before: Date.now() }, parts: BOTH, reason: 'order 12' }
  const { order, records } = await createErasures(erasureDeps(store)).erase(admin, wish)
  expect(filesWith('mark7erased')).toEqual([])
  expect(filesWith('mark7kept')).not.toEqual([])
  await store.close()
  const report = await verify()
  expect(report).toMatchObject({ ok: true, findings: [] })
  expect(report.tenants.find(({ tenant }) => tenant === 'default')?.erasures).toEqual([
    expect.objectContaining({ order, by: 'adm', records, reason: 'order 12', parts: BOTH, done: true }),
  ])
  const source = openSqliteLedger(file)
  let text = ''
  for await (const line of exportLedger(source, 'default')) text += line
  source.close()
  expect(text).not.toContain('mark7erased')
  const exported = join(folder, 'export.jsonl')
  writeFileSync(exported, text)
  expect(await verifyLedger(openExport(exported), { publicKey })).toMatchObject({ ok: true })
})

test('R-AUD-2: content that was removed, or put back, is told from what was erased', async () => {
  const store = await open()
  await fillForErasure(store, 'mark7')
  const saved = rowsOf()
  await createErasures(erasureDeps(store)).erase(admin, {
    selection: { records: [0, 1] },
    parts: ['payload'],
    reason: 'x',
  })
  await store.close()
  const tamper = new DatabaseSync(file)
  tamper.exec('UPDATE content SET payload = NULL, payload_salt = NULL WHERE id = 4')
  tamper.exec('UPDATE content SET detail_salt = NULL WHERE id = 6')
  const [back] = saved
  tamper
    .prepare('UPDATE content SET payload = ?, payload_salt = ? WHERE id = 0')
    .run(String(back?.['payload']), back?.['payload_salt'] as Uint8Array)
  tamper.close()
  const { findings } = await verify()
  expect(findings.map(({ kind, index, text }) => [kind, index, text])).toEqual([
    ['content', 6, 'record 6: half of detail is gone'],
    ['content', 4, 'record 4: payload is gone, and no erasure is on record'],
    ['content', 0, 'record 0: payload is there, though an erasure of it is on record'],
  ])
})

test('R-REL-1: what a crash left to settle in the files is settled by the next start', async () => {
  const first = await open()
  await fillForErasure(first, 'mark7')
  await first.journal.commit({
    records: [],
    changes: [{ kind: 'content-erased', tenant: 'default' as TenantId, ranges: [[0, 7]], parts: BOTH }],
  })
  // As after a kill: the database and its log as they lie there now.
  const [database, log] = [readFileSync(file), readFileSync(`${file}-wal`)]
  await first.close()
  writeFileSync(file, database)
  writeFileSync(`${file}-wal`, log)
  if (existsSync(`${file}-shm`)) rmSync(`${file}-shm`)
  const wordsOf = (): readonly string[] => filesWith('mark7 argument')
  expect(wordsOf()).not.toEqual([])
  const again = await open()
  expect(wordsOf()).toEqual([])
  await again.close()
})

function rowsOf(): readonly Record<string, unknown>[] {
  const db = new DatabaseSync(file, { readOnly: true })
  const rows = db.prepare('SELECT * FROM content ORDER BY id').all()
  db.close()
  return rows
}

test('R-AUD-2: settling reaches what deleting leaves in pages that were split', () => {
  const db = openForWriting(file)
  db.exec('PRAGMA synchronous=OFF')
  db.exec('CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL)')
  db.exec('CREATE TABLE row (place TEXT PRIMARY KEY, body TEXT NOT NULL)')
  const insert = db.prepare('INSERT INTO row VALUES (?, ?)')
  db.exec('BEGIN')
  // In an order that splits pages in the middle, and always the same.
  for (let n = 0; n < 4000; n++)
    insert.run(`mark7erased${(n * 2_654_435_761) % 4096}`, 'mark7erased'.repeat(n % 90))
  markUnsettled(db)
  db.exec('COMMIT')
  db.exec('DELETE FROM row')
  expect(filesWith('mark7erased')).not.toEqual([])
  expect(settleErasure(db, true)).toBe(true)
  expect(filesWith('mark7erased')).toEqual([])
  db.close()
})

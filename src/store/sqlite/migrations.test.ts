import { createPublicKey } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  expectLedgerHolds,
  expectMigrated,
  OLD_KEY,
  OLD_STATE,
  oldLedger,
} from '../../../test/suites/old-rows.ts'
import { DEFAULT_TENANT } from '../../core/ids.ts'
import { SILENT } from '../../core/log.ts'
import { openSqliteLedger } from './open-sqlite-ledger.ts'
import { openSqliteStore } from './open-sqlite-store.ts'
import { migrate, MIGRATIONS, SCHEMA_VERSION, schemaVersion } from './schema.ts'

const ledger = oldLedger()
const HUMAN_SINCE = MIGRATIONS.findIndex((sql) => sql.includes('search ADD COLUMN human')) + 1
const BLOCKS_SINCE = MIGRATIONS.findIndex((sql) => sql.includes('DROP TABLE search;')) + 1
let folder: string
let file: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'remit-migrations-'))
  file = join(folder, 'remit.db')
})

afterEach(() => {
  rmSync(folder, { recursive: true })
})

/** A database as a release left it that knew the first `version` steps. */
function oldDatabase(version: number): DatabaseSync {
  const db = new DatabaseSync(file)
  db.exec('PRAGMA journal_mode=WAL; CREATE TABLE schema_version (version INTEGER PRIMARY KEY) STRICT; BEGIN')
  for (const [step, sql] of MIGRATIONS.slice(0, version).entries()) {
    db.exec(sql)
    insert(db, 'schema_version', { version: step + 1 })
  }
  insert(db, 'meta', { name: 'writer', value: OLD_STATE.writer })
  insert(db, 'tenant', { number: 0, id: DEFAULT_TENANT })
  for (const { index, leaf, body } of ledger.records) insert(db, 'record', { id: index, leaf, body })
  for (const { index, detail, payload } of ledger.contents) {
    insert(db, 'content', {
      id: index,
      detail: detail?.text ?? null,
      detail_salt: detail?.salt ?? null,
      payload: payload?.text ?? null,
      payload_salt: payload?.salt ?? null,
    })
  }
  for (const { level, index, hashes } of ledger.tiles) {
    insert(db, 'tile', { tenant: 0, level, number: index, hashes })
  }
  for (const { size, note } of ledger.checkpoints) insert(db, 'checkpoint', { tenant: 0, size, note })
  const human = version < HUMAN_SINCE ? {} : { human: 'ada' }
  if (version < BLOCKS_SINCE)
    insert(db, 'search', { id: 0, kind: 'decision', thing: 'dec_0', task: 'tsk_old', ...human })
  insert(db, 'task', OLD_STATE.task)
  insert(db, 'approval', OLD_STATE.approval)
  const counts = { calls: 7, writes: 2, denials: 1, consents: 0, errors: 0 }
  insert(db, 'session_facts', { tenant: DEFAULT_TENANT, root: 'tsk_old', ...counts, labels: 'source' })
  db.exec('COMMIT')
  return db
}

type Row = Readonly<Record<string, string | number | Uint8Array | null>>

function insert(db: DatabaseSync, table: string, row: Row): void {
  const names = Object.keys(row)
  db.prepare(`INSERT INTO ${table} (${names.join()}) VALUES (${names.map(() => '?').join()})`).run(
    ...Object.values(row),
  )
}

describe('R-REL-1: a SQLite database of an earlier release', () => {
  test.each(
    MIGRATIONS.keys()
      .map((step) => step + 1)
      .toArray(),
  )('of version %i is opened with all that it holds, and goes on', async (version) => {
    oldDatabase(version).close()
    const store = await openSqliteStore({ file, signingKey: OLD_KEY, log: SILENT })
    await expectMigrated(store)
    await store.close()
    await expectLedgerHolds(openSqliteLedger(file), createPublicKey(OLD_KEY))
    const db = new DatabaseSync(file, { readOnly: true })
    expect(schemaVersion(db)).toBe(SCHEMA_VERSION)
    db.close()
  })

  test('stays whole where a step fails halfway, and is brought up once nothing is in the way', () => {
    const db = oldDatabase(8)
    // The last statement of the ninth step meets an index of that name, when two columns were added already.
    db.exec('CREATE INDEX approval_due ON approval (created)')
    const before = db.prepare('SELECT sql FROM sqlite_master ORDER BY name').all()
    expect(() => migrate(db)).toThrow('approval_due')
    expect(db.isTransaction).toBe(false)
    expect(schemaVersion(db)).toBe(8)
    expect(db.prepare('SELECT sql FROM sqlite_master ORDER BY name').all()).toEqual(before)
    db.exec('DROP INDEX approval_due')
    migrate(db)
    expect(schemaVersion(db)).toBe(SCHEMA_VERSION)
    db.close()
  })
})

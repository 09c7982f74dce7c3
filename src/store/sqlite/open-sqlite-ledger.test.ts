import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { readCheckpointLog } from '../../audit/checkpoint-log.ts'
import { exportLedger } from '../../audit/export-ledger.ts'
import { hashLeaf, toHex } from '../../audit/merkle-hash.ts'
import { openExport } from '../../audit/open-export.ts'
import { verifyLedger, type VerifyReport } from '../../audit/verify.ts'
import { SILENT } from '../../core/log.ts'
import { decisionRecord, outcomeRecord } from '../../../test/suites/sample-records.ts'
import { checkpointFile } from '../checkpoint-files.ts'
import { openSqliteLedger } from './open-sqlite-ledger.ts'
import { openSqliteStore } from './open-sqlite-store.ts'

const RECORDS = 700
const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const folder = mkdtempSync(join(tmpdir(), 'remit-ledger-'))
const file = join(folder, 'remit.db')
const outsideFile = checkpointFile(folder, 'default')
let db: DatabaseSync

beforeAll(async () => {
  const store = await openSqliteStore({
    file,
    checkpointFolder: folder,
    signingKey: privateKey,
    log: SILENT,
    checkpointInterval: 0,
  })
  for (let i = 0; i < RECORDS; i += 100) {
    await Promise.all(
      Array.from({ length: 100 }, (_, j) => {
        const named = { id: `dec_${i + j}`, task: `tsk_${j % 7}` }
        const record = j % 2 === 0 ? decisionRecord(named) : outcomeRecord(named)
        return store.journal.commit({ records: [record], changes: [] })
      }),
    )
  }
  await store.close()
  db = new DatabaseSync(file)
  db.exec('PRAGMA synchronous=OFF')
})
afterAll(() => {
  db.close()
  rmSync(folder, { recursive: true })
})

describe('verifying a ledger on SQLite', () => {
  it('R-AUD-2: finds nothing wrong with what the gateway wrote, and says what it compared', async () => {
    const report = await verify()
    expect(report).toMatchObject({ ok: true, findings: [], cautions: [] })
    expect(report.tenants).toMatchObject([{ tenant: 'default', records: RECORDS, unsigned: 0 }])
    expect(report.tenants[0]?.checkpoints).toBeGreaterThan(5)
  })

  it('R-AUD-2: says what nobody can know without a copy of the checkpoints', async () => {
    const report = await verify({ outside: false })
    expect(report.ok).toBe(true)
    expect(report.cautions.join('\n')).toContain('could have rewritten all of it')
  })

  it.each<[string, string, { kind: string; index: number }]>([
    ['a dropped record', 'DELETE FROM record WHERE id = 17', { kind: 'missing', index: 17 }],
    [
      'a dropped record with its content',
      'DELETE FROM record WHERE id = 17; DELETE FROM content WHERE id = 17',
      { kind: 'missing', index: 17 },
    ],
    [
      'a dropped record that no tile covers',
      'DELETE FROM record WHERE id = 640',
      { kind: 'missing', index: 640 },
    ],
    ['dropped content', 'DELETE FROM content WHERE id = 18', { kind: 'content', index: 18 }],
    [
      'a dropped payload',
      'UPDATE content SET payload = NULL, payload_salt = NULL WHERE id = 18',
      { kind: 'content', index: 18 },
    ],
    ['a dropped tile', 'DELETE FROM tile WHERE number = 1', { kind: 'tile', index: 256 }],
    [
      'swapped records',
      'UPDATE record SET id = -1 WHERE id = 20; UPDATE record SET id = 20 WHERE id = 21; UPDATE record SET id = 21 WHERE id = -1',
      { kind: 'counter', index: 20 },
    ],
    [
      'swapped records that no tile covers',
      'UPDATE record SET id = -1 WHERE id = 600; UPDATE record SET id = 600 WHERE id = 601; UPDATE record SET id = 601 WHERE id = -1',
      { kind: 'counter', index: 600 },
    ],
    [
      'swapped content',
      'UPDATE content SET id = -1 WHERE id = 20; UPDATE content SET id = 20 WHERE id = 22; UPDATE content SET id = 22 WHERE id = -1',
      { kind: 'content', index: 20 },
    ],
    [
      'an inserted record',
      `INSERT INTO record SELECT ${RECORDS}, leaf, body FROM record WHERE id = 3`,
      { kind: 'counter', index: RECORDS },
    ],
    [
      'inserted content',
      "INSERT INTO content (id, detail, detail_salt) VALUES (1000000, '{}', x'00')",
      { kind: 'content', index: 1_000_000 },
    ],
    [
      'an inserted tile',
      'INSERT INTO tile SELECT tenant, 0, 9, hashes, root FROM tile WHERE number = 0',
      { kind: 'tile', index: 9 * 256 },
    ],
    [
      'a checkpoint filed under another size',
      'UPDATE checkpoint SET size = 699 WHERE size = 700',
      { kind: 'checkpoint', index: 699 },
    ],
    [
      'records cut off at the end',
      'DELETE FROM record WHERE id >= 690; DELETE FROM content WHERE id >= 690',
      { kind: 'truncated', index: 700 },
    ],
    [
      'a tail cut off together with its checkpoints',
      'DELETE FROM record WHERE id >= 690; DELETE FROM content WHERE id >= 690; DELETE FROM checkpoint WHERE size > 690',
      { kind: 'outside', index: 700 },
    ],
    [
      'everything removed',
      'DELETE FROM record; DELETE FROM content; DELETE FROM checkpoint; DELETE FROM tile; DELETE FROM tenant',
      { kind: 'outside', index: 700 },
    ],
  ])('R-AUD-2: finds and locates %s', async (_, sql, place) => {
    await tampered(sql, async () => {
      expect((await verify()).findings).toContainEqual(expect.objectContaining(place))
    })
  })

  it('R-AUD-2: a record rewritten together with its leaf and tile is found by what was signed', async () => {
    const body = String(db.prepare('SELECT body FROM record WHERE id = 300').get()?.['body'])
    const forged = body.replace('"human":"ada"', '"human":"eve"')
    const leaf = hashLeaf(forged)
    const tile = Uint8Array.from(
      db.prepare('SELECT hashes FROM tile WHERE number = 1').get()?.['hashes'] as Uint8Array,
    )
    tile.set(leaf, (300 - 256) * 32)
    const sql = `UPDATE record SET body = '${forged}', leaf = x'${toHex(leaf)}' WHERE id = 300;
      UPDATE tile SET hashes = x'${toHex(tile)}' WHERE number = 1`
    await tampered(sql, async () => {
      const { findings } = await verify({ outside: false })
      expect(findings).toContainEqual(expect.objectContaining({ kind: 'previous', index: 301 }))
      const signed = findings.filter(({ kind }) => kind === 'checkpoint')
      expect(Math.min(...signed.map(({ index }) => index ?? 0))).toBeGreaterThan(300)
    })
  })

  it('R-AUD-2: another key’s checkpoints do not pass', async () => {
    const source = openSqliteLedger(file)
    const report = await verifyLedger(source, { publicKey: generateKeyPairSync('ed25519').publicKey })
    source.close()
    expect(report.findings[0]).toMatchObject({ kind: 'checkpoint' })
    expect(report.findings[0]?.text).toContain('is signed with another key')
  })

  it('R-AUD-2: bytes flipped in the file itself never go by in silence', async () => {
    db.exec('VACUUM')
    expect(db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()).toMatchObject({ busy: 0 })
    const whole = readFileSync(file)
    const random = seeded(3)
    const copy = join(folder, 'damaged.db')
    let changed = 0
    for (let round = 0; round < 25; round++) {
      const damaged = Buffer.from(whole)
      // Within the bodies of records, wherever SQLite put them.
      const at = damaged.indexOf('"workflow":"fix-tests"', random(damaged.length - 200_000))
      if (at < 0) continue
      damaged[at + random(20)]! ^= 1 << random(8)
      writeFileSync(copy, damaged)
      // Bytes that SQLite left behind in unused space mean nothing, and may change.
      if (dump(copy) === dump(file)) continue
      changed += 1
      expect((await verify({ file: copy })).ok).toBe(false)
    }
    expect(changed).toBeGreaterThan(10)
  })
})

describe('an export', () => {
  const copy = join(folder, 'ledger.jsonl')
  let whole: Buffer
  beforeAll(async () => {
    const source = openSqliteLedger(file)
    const lines: string[] = []
    for await (const line of exportLedger(source, 'default')) lines.push(line)
    source.close()
    whole = Buffer.from(lines.join(''))
  })

  it('R-AUD-2: verifies like the ledger it came from', async () => {
    writeFileSync(copy, whole)
    const report = await verifyExport(copy)
    expect(report).toMatchObject({ ok: true, findings: [] })
    expect(report.tenants).toMatchObject([{ tenant: 'default', records: RECORDS, unsigned: 0 }])
  })

  it('R-AUD-2: no flipped byte passes, in whatever it is', async () => {
    const random = seeded(5)
    for (let round = 0; round < 40; round++) {
      const damaged = Buffer.from(whole)
      damaged[random(damaged.length)]! ^= 1 << random(8)
      writeFileSync(copy, damaged)
      const ok = await verifyExport(copy).then(
        (report) => report.ok,
        () => false,
      )
      expect(ok).toBe(false)
    }
  })

  it('R-AUD-2: lines dropped, doubled, swapped or cut off are found', async () => {
    const lines = whole.toString('utf8').split('\n').slice(0, -1)
    const at = lines.findIndex((line) => line.includes('"index":17,'))
    const versions = {
      dropped: lines.toSpliced(at, 1),
      doubled: lines.toSpliced(at, 0, lines[at]!),
      swapped: lines.toSpliced(at, 2, lines[at + 1]!, lines[at]!),
      cut: lines.slice(0, -1),
      'cut in the middle': lines.slice(0, 400),
    }
    for (const [how, version] of Object.entries(versions)) {
      writeFileSync(copy, `${version.join('\n')}\n`)
      const report = await verifyExport(copy)
      expect({ how, ok: report.ok }).toEqual({ how, ok: false })
    }
  })

  it('is refused when it is something else', () => {
    writeFileSync(copy, '{"format":"other"}\n')
    expect(() => openExport(copy)).toThrow(expect.objectContaining({ code: 'state_unreadable' }))
    expect(() => openSqliteLedger(copy)).toThrow(expect.objectContaining({ code: 'state_unreadable' }))
    expect(() => openSqliteLedger(join(folder, 'none.db'))).toThrow(
      expect.objectContaining({ code: 'state_unreadable' }),
    )
  })
})

async function verify(options: { outside?: boolean; file?: string } = {}): Promise<VerifyReport> {
  const source = openSqliteLedger(options.file ?? file)
  const report = await verifyLedger(source, {
    publicKey,
    expected: ['default'],
    ...(options.outside !== false && { outsideCheckpoints: () => readCheckpointLog(outsideFile) }),
  })
  source.close()
  return report
}

function verifyExport(path: string): Promise<VerifyReport> {
  return verifyLedger(openExport(path), {
    publicKey,
    outsideCheckpoints: () => readCheckpointLog(outsideFile),
  })
}

function dump(path: string): string {
  const other = new DatabaseSync(path, { readOnly: true })
  try {
    const rows = other.prepare('SELECT id, hex(CAST(body AS BLOB)) AS body FROM record ORDER BY id').all()
    return JSON.stringify(rows)
  } catch (error) {
    return String(error)
  } finally {
    other.close()
  }
}

/** Runs with the database changed, and puts it back as it was. */
async function tampered(sql: string, work: () => Promise<void>): Promise<void> {
  const tables = ['tenant', 'record', 'content', 'tile', 'checkpoint']
  for (const table of tables) db.exec(`CREATE TEMP TABLE kept_${table} AS SELECT * FROM ${table}`)
  try {
    db.exec(sql)
    await work()
  } finally {
    for (const table of tables) {
      db.exec(
        `DELETE FROM ${table}; INSERT INTO ${table} SELECT * FROM kept_${table}; DROP TABLE kept_${table}`,
      )
    }
  }
}

/** The same sample on every run. */
function seeded(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { parseQuery } from '../src/core/audit-query/parse-query.ts'
import { DEFAULT_TENANT } from '../src/core/ids.ts'
import { openForReading, openForWriting } from '../src/store/sqlite/open-database.ts'
import { migrate } from '../src/store/sqlite/schema.ts'
import { SearchProjection } from '../src/store/sqlite/search-projection.ts'
import { SqliteRecords } from '../src/store/sqlite/sqlite-records.ts'
import { AT, decisionRecord, outcomeRecord } from '../test/suites/sample-records.ts'

// Questions to ledgers of growing size, in the real tables: `node bench/audit-query.ts [largest] [rounds]`.

const LARGEST = Number(process.argv[2] ?? 1_000_000)
const ROUNDS = Number(process.argv[3] ?? 20)
const SECOND = 1_000
const EFFECTS = [
  'allow',
  'allow',
  'allow',
  'allow',
  'allow',
  'allow',
  'allow',
  'consent',
  'deny',
  'deny',
] as const

const QUESTIONS = [
  '',
  'kind = decision',
  'decision = deny',
  'decision = deny and label = secret and rule = rule-7',
  'human = human-7 and tool = "server-3/*" and decision != allow',
  'task = tsk_3',
  'root = tsk_0 order by at asc',
  'id = dec_100',
  'resource = "/work/repo/src/d7/*" and action = file.write',
  'not decision = allow and not kind = outcome and not environment = laptop',
  'outcome = unknown or (decision = consent and approver = nobody)',
  'at >= 2026-11-22T12:10:00Z and at < 2026-11-22T12:12:00Z and human = human-1',
] as const

/** Decisions and outcomes of 100 calls a task, 50 humans, 10 servers and 40 rules. */
function fill(db: DatabaseSync, from: number, until: number): void {
  const record = db.prepare(`INSERT INTO record (id, leaf, body) VALUES (?, zeroblob(32), ?)`)
  const content = db.prepare('INSERT INTO content (id, detail, detail_salt) VALUES (?, ?, zeroblob(16))')
  db.exec('BEGIN')
  for (let index = from; index < until; index++) {
    const task = `tsk_${Math.floor(index / 200)}`
    const at = new Date(AT + index * SECOND).toISOString()
    const call = Math.floor(index / 2)
    const { envelope, detail } =
      index % 2 === 0
        ? decisionRecord({ id: `dec_${call}`, task })
        : outcomeRecord({ id: `dec_${call}`, task })
    const identity = {
      ...envelope.identity,
      human: `human-${call % 50}`,
      chain: [`tsk_${Math.floor(index / 2_000)}`, task],
    }
    const decided = index % 2 === 0 && {
      call: { ...envelope.call, server: `server-${call % 10}`, tool: `tool-${call % 70}` },
      operations: envelope.operations?.map((each) => ({
        ...each,
        labels: call % 20 === 0 ? ['secret'] : ['source'],
      })),
      decision: { ...envelope.decision, effect: EFFECTS[call % 10], policies: [`rule-${call % 40}`] },
    }
    record.run(index, JSON.stringify({ ...envelope, at, identity, ...decided }))
    if (index % 2 === 1) continue
    const operations = detail?.operations?.map((each) => ({
      ...each,
      resource: { ...each.resource, id: `/work/repo/src/d${call % 97}/f${call % 5_000}.ts` },
    }))
    content.run(index, JSON.stringify({ ...detail, operations }))
  }
  db.exec('COMMIT')
}

function index(db: DatabaseSync): number {
  const projection = new SearchProjection(db)
  const start = performance.now()
  while (projection.lag() > 0) for (let turn = 0; turn < 100; turn++) projection.advance(256)
  return (performance.now() - start) / SECOND
}

/** Bytes of tables of the index, and of records with what lies beside them. */
function bytes(db: DatabaseSync): { readonly index: number; readonly ledger: number } {
  const of = (like: string): number =>
    Number(
      db.prepare(`SELECT sum(pgsize) AS n FROM dbstat WHERE name LIKE ? AND aggregate = TRUE`).get(like)?.[
        'n'
      ] ?? 0,
    )
  return { index: of('%search_%'), ledger: of('record') + of('content') }
}

async function ask(records: SqliteRecords, text: string): Promise<readonly [p50: number, p99: number]> {
  const { where, order } = parseQuery(text, AT)
  const waits: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now()
    await records.find({ tenant: DEFAULT_TENANT, where, order, limit: 50 })
    waits.push(performance.now() - start)
  }
  waits.sort((a, b) => a - b)
  return [waits[Math.floor(ROUNDS / 2)] ?? 0, waits[Math.ceil(ROUNDS * 0.99) - 1] ?? 0]
}

async function count(records: SqliteRecords, text: string): Promise<string> {
  const { where, order } = parseQuery(text, AT)
  const start = performance.now()
  const found = await records.count({ tenant: DEFAULT_TENANT, where, order })
  return `${found.count} in ${(performance.now() - start).toFixed(1)} ms`
}

const folder = mkdtempSync(join(tmpdir(), 'remit-audit-query-'))
try {
  const file = join(folder, 'remit.db')
  const db = openForWriting(file)
  migrate(db)
  db.exec(`PRAGMA synchronous=OFF; INSERT INTO tenant (number, id) VALUES (0, '${DEFAULT_TENANT}')`)
  let size = 0
  for (const next of [1_000, 10_000, 100_000, 1_000_000]) {
    if (next > LARGEST) break
    fill(db, size, next)
    const seconds = index(db)
    console.log(`\n${next} records; indexed ${((next - size) / seconds).toFixed(0)} a second`)
    size = next
    const { index: indexed, ledger } = bytes(db)
    console.log(
      `index ${(indexed / size).toFixed(0)} bytes a record, beside ${(ledger / size).toFixed(0)} of the ledger`,
    )
    const reader = openForReading(file)
    const records = new SqliteRecords(reader)
    for (const text of QUESTIONS) {
      const [p50, p99] = await ask(records, text)
      console.log(
        `p50 ${p50.toFixed(2).padStart(8)} ms  p99 ${p99.toFixed(2).padStart(8)} ms  count ${(await count(records, text)).padEnd(22)} ${text}`,
      )
    }
    reader.close()
  }
  db.close()
} finally {
  rmSync(folder, { recursive: true })
}

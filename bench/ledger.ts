import { generateKeyPairSync } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

import { verifyLedger } from '../src/audit/verify.ts'
import { DEFAULT_TENANT, type TaskId } from '../src/core/ids.ts'
import { SILENT } from '../src/core/log.ts'
import { openSqliteLedger } from '../src/store/sqlite/open-sqlite-ledger.ts'
import { openSqliteStore } from '../src/store/sqlite/open-sqlite-store.ts'
import { decisionRecord } from '../test/suites/sample-records.ts'

// The ledger beside plain one-by-one inserts, in one run and interleaved: `node bench/ledger.ts [rounds]`.

interface Measure {
  readonly perSecond: number
  readonly p50: number
  readonly p99: number
  /** CPU of the caller's thread and of the whole process, microseconds a record. */
  readonly mainCpu: number
  readonly allCpu: number
}

type Contender = () => Promise<Measure>

const ROUNDS = Number(process.argv[2] ?? 5)
const RECORDS = { plain: 400, 1: 800, 16: 6000, 64: 12_000 } as const
const { privateKey, publicKey } = generateKeyPairSync('ed25519')

async function measure(count: number, inFlight: number, commit: (i: number) => unknown): Promise<Measure> {
  const waits: number[] = []
  let next = 0
  const lane = async (): Promise<void> => {
    while (next < count) {
      const start = performance.now()
      next += 1
      await commit(next)
      waits.push(performance.now() - start)
    }
  }
  const thread = process.threadCpuUsage()
  const whole = process.cpuUsage()
  const start = performance.now()
  await Promise.all(Array.from({ length: inFlight }, lane))
  const elapsed = performance.now() - start
  const { user, system } = process.threadCpuUsage(thread)
  const all = process.cpuUsage(whole)
  waits.sort((a, b) => a - b)
  return {
    perSecond: (count / elapsed) * 1000,
    p50: waits[Math.floor(count * 0.5)] ?? 0,
    p99: waits[Math.floor(count * 0.99)] ?? 0,
    mainCpu: (user + system) / count,
    allCpu: (all.user + all.system) / count,
  }
}

/** What a program would do that knows nothing of ledgers: a durable INSERT for each record, and no hash. */
function plainInserts(folder: string): Contender {
  const db = new DatabaseSync(join(folder, 'plain.db'))
  db.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL')
  db.exec('CREATE TABLE record (id INTEGER PRIMARY KEY, body TEXT, detail TEXT, payload TEXT)')
  const insert = db.prepare('INSERT INTO record (body, detail, payload) VALUES (?, ?, ?)')
  return () =>
    measure(RECORDS.plain, 1, (i) => {
      const { envelope, detail, payload } = decisionRecord({ id: `dec_${i}`, task: 'tsk_1' })
      insert.run(JSON.stringify(envelope), JSON.stringify(detail), JSON.stringify(payload))
    })
}

async function benchPlace(place: string, parent: string): Promise<void> {
  const folder = mkdtempSync(join(parent, 'remit-bench-'))
  const file = join(folder, 'remit.db')
  const store = await openSqliteStore({ file, checkpointFolder: folder, signingKey: privateKey, log: SILENT })
  const ledger = (inFlight: 1 | 16 | 64) => () =>
    measure(RECORDS[inFlight], inFlight, (i) =>
      store.journal.commit({
        records: [decisionRecord({ id: `dec_${i}`, task: 'tsk_1' })],
        changes: [{ kind: 'add-facts', tenant: DEFAULT_TENANT, root: 'tsk_1' as TaskId, add: { calls: 1 } }],
      }),
    )
  const contenders: Record<string, Contender> = {
    'plain INSERT': plainInserts(folder),
    'ledger, 1 in flight': ledger(1),
    'ledger, 16 in flight': ledger(16),
    'ledger, 64 in flight': ledger(64),
  }
  const rounds = new Map<string, Measure[]>(Object.keys(contenders).map((name) => [name, []]))
  for (let round = -1; round < ROUNDS; round++) {
    for (const [name, run] of Object.entries(contenders)) {
      const result = await run()
      if (round >= 0) rounds.get(name)?.push(result)
    }
  }
  await store.close()
  report(place, rounds)
  await reportVerify(file)
  rmSync(folder, { recursive: true })
}

function report(place: string, rounds: ReadonlyMap<string, Measure[]>): void {
  const plain = medians(rounds.get('plain INSERT') ?? [])
  console.log(`\n${place}: medians of ${ROUNDS} interleaved rounds`)
  console.table(
    Object.fromEntries(
      [...rounds].map(([name, results]) => {
        const { perSecond, p50, p99, mainCpu, allCpu } = medians(results)
        return [
          name,
          {
            'records/s': Math.round(perSecond),
            '× plain': round(perSecond / plain.perSecond),
            'p50 ms': round(p50),
            'p99 ms': round(p99),
            'main CPU µs': round(mainCpu),
            'process CPU µs': round(allCpu),
            'CPU ÷ plain': round(allCpu / plain.allCpu),
          },
        ]
      }),
    ),
  )
}

async function reportVerify(file: string): Promise<void> {
  const source = openSqliteLedger(file)
  const start = performance.now()
  const { ok, tenants } = await verifyLedger(source, { publicKey })
  const elapsed = performance.now() - start
  source.close()
  const records = tenants[0]?.records ?? 0
  const micros = round((elapsed * 1000) / records)
  const bytes = Math.round(statSync(file).size / records)
  console.log(
    `verify: ${records} records, ${ok ? 'no finding' : 'FINDINGS'}, ${micros} µs and ${bytes} bytes a record`,
  )
}

function medians(results: readonly Measure[]): Measure {
  const of = (pick: (measure: Measure) => number): number =>
    results.map(pick).toSorted((a, b) => a - b)[Math.floor(results.length / 2)] ?? 0
  return {
    perSecond: of((m) => m.perSecond),
    p50: of((m) => m.p50),
    p99: of((m) => m.p99),
    mainCpu: of((m) => m.mainCpu),
    allCpu: of((m) => m.allCpu),
  }
}

function round(value: number): number {
  return Number(value.toPrecision(3))
}

console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`)
await benchPlace('disk', tmpdir())
if (existsSync('/dev/shm')) await benchPlace('tmpfs', '/dev/shm')
else console.log('\ntmpfs: not measured, there is no /dev/shm')

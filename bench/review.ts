/**
 * How long a review reads: records of a busy week in an SQLite ledger with its index, added up as `remit review` does.
 * `node bench/review.ts [records]`.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DEFAULT_TENANT } from '../src/core/ids.ts'
import { tallyLedger } from '../src/gate/review/tally-ledger.ts'
import { openForReading } from '../src/store/sqlite/open-database.ts'
import { SqliteRecords } from '../src/store/sqlite/sqlite-records.ts'
import { fillLedger, indexLedger } from './sample-ledger.ts'

const RECORDS = Number(process.argv[2] ?? 1_000_000)
const folder = mkdtempSync(join(tmpdir(), 'remit-review-'))
try {
  const file = join(folder, 'ledger.db')
  fillLedger(file, RECORDS)
  indexLedger(file)
  const db = openForReading(file)
  const spent = process.cpuUsage()
  const started = performance.now()
  let longest = 0
  let turn = started
  const looked = (): void => {
    longest = Math.max(longest, performance.now() - turn)
    setImmediate(() => {
      turn = performance.now()
    })
  }
  const { tally } = await tallyLedger(new SqliteRecords(db), { tenant: DEFAULT_TENANT, after: -1, looked })
  const seconds = (performance.now() - started) / 1_000
  const { user, system } = process.cpuUsage(spent)
  console.log(
    JSON.stringify({
      records: tally.looked,
      decisions: tally.decisions,
      seconds: Number(seconds.toFixed(1)),
      processorSeconds: Number(((user + system) / 1e6).toFixed(1)),
      perSecond: Math.round(tally.looked / seconds),
      longestTurnMs: Number(longest.toFixed(1)),
      rssMb: Math.round(process.memoryUsage().rss / 2 ** 20),
    }),
  )
  db.close()
} finally {
  rmSync(folder, { recursive: true })
}

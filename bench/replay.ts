/**
 * How fast past decisions are made again: records of a busy week in an SQLite ledger, played with another set of policies,
 * beside a loop that reads, parses and decides one record after the other. `node bench/replay.ts [records]`.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Task } from '../src/core/identity.ts'
import type { RecordDetail, RecordEnvelope } from '../src/core/record.ts'
import { chainOf } from '../src/gate/replay/past-tasks.ts'
import { requestOfRecord } from '../src/gate/replay/request-of-record.ts'
import { redecide } from '../src/gate/replay/redecide.ts'
import { loadPolicyBundle } from '../src/policy/load-policy-set.ts'
import { storedDecisions } from '../src/server/replay/past-decisions.ts'
import { replayDecisions } from '../src/server/replay/replay-decisions.ts'
import { SCHEMA_FILE, DEFAULT_PACK } from '../src/server/policy-locations.ts'
import { openSqliteLedger } from '../src/store/sqlite/open-sqlite-ledger.ts'
import { SAMPLE_TASKS } from './replay-sample.ts'
import { fillLedger } from './sample-ledger.ts'

const RECORDS = Number(process.argv[2] ?? 1_000_000)
const folder = mkdtempSync(join(tmpdir(), 'remit-replay-'))
const file = join(folder, 'ledger.db')
const tasks = new Map<string, Task>(SAMPLE_TASKS.map((task) => [task.id, task]))

fillLedger(file, RECORDS)
const locations = { schemaFile: SCHEMA_FILE, folders: [DEFAULT_PACK] }
const candidate = await loadPolicyBundle({
  ...locations,
  folders: [join(DEFAULT_PACK, '..', 'release')],
})
const source = openSqliteLedger(file)
const past = storedDecisions(source, { get: (_tenant, id) => tasks.get(id) }, 'default')
const spent = process.cpuUsage()
const started = performance.now()
const report = await replayDecisions(past, { candidate, filter: {}, now: () => Date.now() })
const replayed = (performance.now() - started) / 1000
const { user, system } = process.cpuUsage(spent)
const naive = naiveLoop(Math.min(RECORDS, 100_000))
source.close()
rmSync(folder, { recursive: true })
const rate = report.decisions / replayed
console.log(
  JSON.stringify({
    records: RECORDS,
    decisions: report.decisions,
    seconds: Number(replayed.toFixed(1)),
    processorSeconds: Number(((user + system) / 1e6).toFixed(1)),
    perSecond: Math.round(rate),
    naivePerSecond: Math.round(naive),
    ratio: Number((rate / naive).toFixed(2)),
    transitions: report.transitions.length,
  }),
)

/** Decisions a second. */
function naiveLoop(most: number): number {
  const begun = performance.now()
  let count = 0
  for (const row of source.records('default') as Iterable<{
    body?: Uint8Array
    detail?: { text?: Uint8Array }
  }>) {
    const envelope = JSON.parse(Buffer.from(row.body ?? []).toString()) as RecordEnvelope
    if (envelope.kind !== 'decision') continue
    const detail = JSON.parse(Buffer.from(row.detail?.text ?? []).toString()) as RecordDetail
    const request = requestOfRecord({ envelope, detail }, chainOf(tasks, envelope.identity?.chain ?? []))
    if (typeof request !== 'string') redecide(candidate.set, request, { envelope })
    count += 1
    if (count >= most) break
  }
  return count / ((performance.now() - begun) / 1000)
}

import { parseArgs } from 'node:util'
import type { RecordSearcher } from '../src/audit/record-search.ts'
import { parseQuery } from '../src/core/audit-query/parse-query.ts'
import { DEFAULT_TENANT } from '../src/core/ids.ts'
import { AT } from '../test/suites/sample-records.ts'
import { searchedPostgres } from './audit-query/searched-postgres.ts'
import { searchedSqlite } from './audit-query/searched-sqlite.ts'
import type { SearchedStore } from './audit-query/searched-store.ts'

/** Questions to ledgers of growing size, in the real tables of both stores: `--largest`, `--rounds`, `--store sqlite`. */
const { values } = parseArgs({
  options: {
    largest: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '20' },
    store: { type: 'string', multiple: true, default: ['sqlite', 'postgres'] },
  },
})
const ROUNDS = Number(values.rounds)
const SIZES = [1_000, 10_000, 100_000, 1_000_000].filter((size) => size <= Number(values.largest))
const STORES = { sqlite: searchedSqlite, postgres: searchedPostgres }

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

for (const [name, open] of Object.entries(STORES)) {
  if (!values.store.includes(name)) continue
  const store = await open()
  try {
    await grow(store)
  } finally {
    await store.close()
  }
}

async function grow(store: SearchedStore): Promise<void> {
  let size = 0
  for (const next of SIZES) {
    await store.fill(size, next)
    const start = performance.now()
    await store.index()
    const seconds = (performance.now() - start) / 1_000
    console.log(`\n${store.name}, ${next} records; indexed ${((next - size) / seconds).toFixed(0)} a second`)
    size = next
    const { index, ledger } = await store.bytes()
    const [indexed, beside] = [index, ledger].map((bytes) => (bytes / size).toFixed(0))
    console.log(`index ${indexed} bytes a record, beside ${beside} of the ledger`)
    for (const text of QUESTIONS) {
      const [p50, p99] = (await ask(store.records, text)).map((each) => each.toFixed(2).padStart(8))
      console.log(
        `p50 ${p50} ms  p99 ${p99} ms  count ${(await count(store.records, text)).padEnd(22)} ${text}`,
      )
    }
  }
}

async function ask(records: RecordSearcher, text: string): Promise<readonly [p50: number, p99: number]> {
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

async function count(records: RecordSearcher, text: string): Promise<string> {
  const { where, order } = parseQuery(text, AT)
  const start = performance.now()
  const found = await records.count({ tenant: DEFAULT_TENANT, where, order })
  return `${found.count} in ${(performance.now() - start).toFixed(1)} ms`
}

import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DEFAULT_TENANT, type TaskId } from '../src/core/ids.ts'
import { SILENT } from '../src/core/log.ts'
import { loadChain } from '../src/identity/task-chain.ts'
import { openSqliteStore } from '../src/store/sqlite/open-sqlite-store.ts'
import type { LedgerStore } from '../src/store/store.ts'
import { decisionRecord, sampleTask } from '../test/suites/sample-records.ts'

/**
 * Whether the way of a call notices how many tasks there are: what the gate reads for a call, and the unit that records
 * its decision with a budget, a tally and the revision, with two hundred tasks and with 10⁴ active and 10⁵ past ones. Prints the
 * best chunk of each.
 */
const CHUNKS = 40
const CHUNK = 200
const ACTIVE = 10_000
const PAST = 100_000

const { privateKey: signingKey } = generateKeyPairSync('ed25519')
const folder = mkdtempSync(join(tmpdir(), 'remit-tasks-'))
const store = await openSqliteStore({ file: join(folder, 'ledger.db'), signingKey, log: SILENT })

await insert(store, { from: 0, count: 200, past: false })
const few = { read: await read(200), commit: await commit(200) }
await insert(store, { from: 200, count: ACTIVE, past: false })
await insert(store, { from: 200 + ACTIVE, count: PAST, past: true })
// The first call of a task also adds its rows, which the two hundred have by then.
await commit(ACTIVE, Math.ceil(ACTIVE / CHUNK))
const many = { read: await read(ACTIVE), commit: await commit(ACTIVE) }
await store.close()
rmSync(folder, { recursive: true })
for (const [name, { read: reading, commit: committing }] of Object.entries({ few, many })) {
  console.log(`${name.padEnd(5)} read ${reading.toFixed(2)} µs  commit ${committing.toFixed(1)} µs a call`)
}

async function insert(
  to: LedgerStore,
  { from, count, past }: { readonly from: number; readonly count: number; readonly past: boolean },
): Promise<void> {
  for (let at = from; at < from + count; at += 1_000) {
    const ids = Array.from({ length: Math.min(1_000, from + count - at) }, (_, i) => at + i)
    await Promise.all(
      ids.map((id) => {
        const task = sampleTask(`tsk_${id}`, past ? { expires: 1 } : {})
        return to.journal.commit({ records: [], changes: [{ kind: 'insert-task', task }] })
      }),
    )
  }
}

/** Microseconds for what is read of one call's task, spread over all active ones. */
async function read(active: number): Promise<number> {
  let best = Infinity
  // Each active task has called before.
  for (let at = 0; at < active; at += 1) {
    await loadChain(store.tasks, DEFAULT_TENANT, `tsk_${at}` as TaskId)
    await store.tasks.facts(DEFAULT_TENANT, `tsk_${at}` as TaskId)
  }
  for (let chunk = 0; chunk < CHUNKS; chunk += 1) {
    const start = process.hrtime.bigint()
    for (let at = 0; at < CHUNK; at += 1) {
      const id = `tsk_${(chunk * CHUNK + at) % active}` as TaskId
      await store.tasks.standing(DEFAULT_TENANT)
      await loadChain(store.tasks, DEFAULT_TENANT, id)
      await store.tasks.facts(DEFAULT_TENANT, id)
      await store.tasks.tallies(DEFAULT_TENANT, id, ['call:a', 'fail:a'])
    }
    best = Math.min(best, Number(process.hrtime.bigint() - start) / 1_000 / CHUNK)
  }
  return best
}

/** Microseconds for each of 200 units that are given at once. */
async function commit(active: number, chunks: number = CHUNKS): Promise<number> {
  let best = Infinity
  const { revision } = await store.tasks.standing(DEFAULT_TENANT)
  for (let chunk = 0; chunk < chunks; chunk += 1) {
    const start = process.hrtime.bigint()
    await Promise.all(
      Array.from({ length: CHUNK }, (_, at) => {
        const root = `tsk_${(chunk * CHUNK + at) % active}` as TaskId
        const tenant = DEFAULT_TENANT
        return store.journal.commit({
          records: [decisionRecord({ id: `dec_${active}_${chunks}_${chunk}_${at}`, task: root })],
          changes: [
            { kind: 'expect-standing', tenant, revision },
            { kind: 'add-facts', tenant, root, add: { calls: 1 }, limits: { calls: 1_000_000 } },
            { kind: 'add-tally', tenant, root, what: 'call:a', mark: 0 },
          ],
        })
      }),
    )
    best = Math.min(best, Number(process.hrtime.bigint() - start) / 1_000 / CHUNK)
  }
  return best
}

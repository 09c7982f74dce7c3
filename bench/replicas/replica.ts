import { createPrivateKey } from 'node:crypto'
import { Client } from 'pg'
import { serialiseRecord } from '../../src/audit/serialise-record.ts'
import type { TenantId } from '../../src/core/ids.ts'
import type { NewRecord } from '../../src/core/record.ts'
import { SILENT } from '../../src/core/log.ts'
import { openPostgresStore } from '../../src/store/postgres/open-postgres-store.ts'
import { decisionRecord } from '../../test/suites/sample-records.ts'

export interface ReplicaJob {
  readonly url: string
  /** PEM of the key that signs checkpoints. */
  readonly key: string
  readonly tenant: string
  readonly how: 'ledger' | 'intake'
  readonly seconds: number
  readonly lanes: number
}
export interface ReplicaResult {
  readonly count: number
  /** Milliseconds. */
  readonly p50: number
  readonly p99: number
}

interface Sink {
  commit(record: NewRecord): Promise<unknown>
  close(): Promise<void>
}

process.once('message', (message) => void work(message as ReplicaJob))

async function work(job: ReplicaJob): Promise<void> {
  const sink = await (job.how === 'ledger' ? openLedger(job) : openIntake(job))
  const waits: number[] = []
  const until = performance.now() + job.seconds * 1000
  const lane = async (number: number): Promise<void> => {
    for (let at = 0; performance.now() < until; at++) {
      const id = `dec_${process.pid}_${number}_${at}`
      const start = performance.now()
      await sink.commit(decisionRecord({ id, task: 'tsk_1', tenant: job.tenant as TenantId }))
      waits.push(performance.now() - start)
    }
  }
  await Promise.all(Array.from({ length: job.lanes }, (_, number) => lane(number)))
  await sink.close()
  waits.sort((a, b) => a - b)
  const at = (part: number): number => waits[Math.floor(waits.length * part)] ?? 0
  process.send?.({ count: waits.length, p50: at(0.5), p99: at(0.99) } satisfies ReplicaResult)
  process.disconnect?.()
}

async function openLedger({ url, key }: ReplicaJob): Promise<Sink> {
  const store = await openPostgresStore({ url, signingKey: createPrivateKey(key), log: SILENT })
  return {
    commit: (record) => store.journal.commit({ records: [record], changes: [] }),
    close: () => store.close(),
  }
}

/** The least that a gateway would do for a leader: what waits, stored in one durable transaction without any lock. */
async function openIntake({ url }: ReplicaJob): Promise<Sink> {
  const client = new Client({ connectionString: url })
  await client.connect()
  const waiting: { readonly body: string; readonly done: () => void }[] = []
  let running: Promise<void> | undefined
  const flush = async (): Promise<void> => {
    await new Promise(setImmediate)
    while (waiting.length > 0) {
      const batch = waiting.splice(0, 64)
      await client.query('INSERT INTO intake (body) SELECT unnest($1::text[])', [
        batch.map(({ body }) => body),
      ])
      for (const { done } of batch) done()
    }
    running = undefined
  }
  return {
    commit: (record) =>
      new Promise<void>((done) => {
        waiting.push({ body: JSON.stringify(serialiseRecord(record)), done })
        running ??= flush()
      }),
    close: async () => {
      await running
      await client.end()
    },
  }
}

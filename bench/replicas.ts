import { fork } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { Client } from 'pg'
import { startPostgres } from '../test/support/postgres.ts'
import type { ReplicaJob, ReplicaResult } from './replicas/replica.ts'

// Replicas on one PostgreSQL, in one run and interleaved: `node bench/replicas.ts [rounds] [seconds]`.

const ROUNDS = Number(process.argv[2] ?? 3)
const SECONDS = Number(process.argv[3] ?? 3)
const REPLICA = fileURLToPath(new URL('replicas/replica.ts', import.meta.url))

/** What the processes of one contender do; `intake` = they only store what a leader would sequence behind them. */
const CONTENDERS: Readonly<Record<string, readonly Pick<ReplicaJob, 'tenant' | 'how'>[]>> = {
  '1 gateway, 1 tenant': [{ tenant: 'default', how: 'ledger' }],
  '3 gateways, 1 tenant': Array.from({ length: 3 }, () => ({ tenant: 'default', how: 'ledger' })),
  '3 gateways, 3 tenants': ['one', 'two', 'three'].map((tenant) => ({ tenant, how: 'ledger' })),
  '3 gateways, intake for a leader, its own work left out': Array.from({ length: 3 }, () => ({
    tenant: 'default',
    how: 'intake',
  })),
}

const server = await startPostgres()
const key = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' })
const all = new Map<string, ReplicaResult[][]>()
try {
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, jobs] of Object.entries(CONTENDERS)) {
      const url = await server.createDatabase()
      const admin = new Client({ connectionString: url })
      await admin.connect()
      await admin.query('CREATE TABLE intake (place bigint GENERATED ALWAYS AS IDENTITY, body text NOT NULL)')
      await admin.end()
      const results = await Promise.all(
        jobs.map((job) => run({ ...job, url, key, seconds: SECONDS, lanes: 64 })),
      )
      all.set(name, [...(all.get(name) ?? []), results])
    }
  }
} finally {
  await server.remove()
}

console.log(
  `${cpus()[0]?.model}, ${cpus().length} cores; medians of ${ROUNDS} rounds of ${SECONDS} s, 64 lanes a gateway`,
)
for (const [name, rounds] of all) {
  const perSecond = median(rounds.map((each) => each.reduce((sum, { count }) => sum + count, 0) / SECONDS))
  const p50 = median(rounds.map((each) => median(each.map((one) => one.p50))))
  const p99 = median(rounds.map((each) => Math.max(...each.map((one) => one.p99))))
  console.log(
    `${name}: ${Math.round(perSecond)} records/s, p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`,
  )
}

function run(job: ReplicaJob): Promise<ReplicaResult> {
  return new Promise((resolve, reject) => {
    const child = fork(REPLICA)
    child.once('message', (result) => resolve(result as ReplicaResult))
    child.once('exit', (code) => code !== 0 && reject(new Error(`a replica ended with ${code}`)))
    child.send(job)
  })
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}

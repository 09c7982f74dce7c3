import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { AT, decisionRecord, sampleApproval, sampleTask } from '../../../test/suites/sample-records.ts'
import { takeOver } from '../../../test/suites/export-suite.ts'
import { raceVotes } from '../../../test/suites/vote-race.ts'
import { raceStops } from '../../../test/suites/stop-race.ts'
import { useGate } from '../../../test/support/gate-harness.ts'
import { emptied, startPostgres, type TestPostgres } from '../../../test/support/postgres.ts'
import { readCheckpointLog } from '../../audit/checkpoint-log.ts'
import { verifyLedger, type VerifyReport } from '../../audit/verify.ts'
import { DEFAULT_TENANT, type Digest, type TaskId } from '../../core/ids.ts'
import { SILENT } from '../../core/log.ts'
import { checkpointFile } from '../checkpoint-files.ts'
import type { LedgerStore } from '../store.ts'
import { openPostgresLedger } from './open-postgres-ledger.ts'
import { openPostgresStore } from './open-postgres-store.ts'

const { privateKey: signingKey } = generateKeyPairSync('ed25519')
const ROOT = 'tsk_1' as TaskId

const h = useGate()
let server: TestPostgres
let url: string
let folder: string
let replicas: LedgerStore[]

beforeAll(async () => {
  server = await startPostgres()
  url = await server.createDatabase()
})

afterAll(async () => {
  await server.remove()
})

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'remit-checkpoints-'))
  replicas = []
})

afterEach(async () => {
  await Promise.all(replicas.map((replica) => replica.close()))
  await emptied(url, 'tables')
  await rm(folder, { recursive: true })
})

async function open(checkpointInterval = 50): Promise<LedgerStore> {
  const replica = await openPostgresStore({
    url,
    signingKey,
    log: SILENT,
    checkpointFolder: folder,
    checkpointInterval,
  })
  replicas.push(replica)
  return replica
}

const decide = (store: LedgerStore, id: string): Promise<string> =>
  store.journal.commit({ records: [decisionRecord({ id, task: ROOT })], changes: [] })

async function verify(): Promise<VerifyReport> {
  const source = await openPostgresLedger({ url, log: SILENT })
  try {
    return await verifyLedger(source, {
      publicKey: createPublicKey(signingKey),
      expected: [DEFAULT_TENANT],
      outsideCheckpoints: (tenant) => readCheckpointLog(checkpointFile(folder, tenant)),
    })
  } finally {
    source.close()
  }
}

async function sql(text: string): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  await client.query(text)
  await client.end()
}

describe('R-REL-2: replicas on one PostgreSQL', () => {
  test('R-THR-1: no call on one stands in the ledger after the kill switch on the other', async () => {
    const [a, b] = [await open(), await open()]
    const { allowed, refused, late } = await raceStops([a, b], 70)
    expect([late, allowed + refused]).toEqual([[], 210])
  })

  test('R-AUD-2: write one chain that verifies, each with a gapless count of its own', async () => {
    const [a, b] = await Promise.all([open(), open()])
    const ids = Array.from({ length: 700 }, (_, at) => `dec_${String(at)}`)
    await Promise.all(ids.map((id, at) => decide(at % 2 === 0 ? a : b, id)))
    const third = await open()
    await decide(third, 'dec_last')
    await Promise.all([a, b, third].map((replica) => replica.close()))
    expect(await verify()).toMatchObject({ ok: true, findings: [] })
    const again = await open()
    const stored = await again.records.query({ tenant: DEFAULT_TENANT, limit: 1000 })
    expect(new Set(stored.map(({ envelope }) => envelope.id)).size).toBe(701)
    const writers = new Set(
      stored.map(({ body }) => (JSON.parse(body) as { writer: { id: string } }).writer.id),
    )
    expect(writers.size).toBe(3)
  })

  test('R-AUD-3: bring the ledger to a place one at a time, and one takes over from another that died', async () => {
    const { told, expected } = await takeOver(await open(), await open())
    expect(told).toEqual(expected)
  })

  test('R-CON-2: votes at the same instant, at two replicas, are all counted, and none has to be cast again', async () => {
    const stores = [await open(), await open()] as const
    for (let round = 0; round < 5; round += 1) {
      const all = await raceVotes(h(), stores, { quorum: 5 })
      expect(all.answers.toSorted()).toEqual(['granted', 'pending', 'pending', 'pending', 'pending'])
      expect(new Set(all.approval?.votes.map(({ human }) => human)).size).toBe(5)
      expect(all.kinds).toHaveLength(6)
      const refused = await raceVotes(h(), stores, { quorum: 5, refuses: 'nils' })
      expect(refused.approval?.state).toBe('refused')
    }
  })

  test('R-CON-3: of uses of one grant on two replicas at the same time exactly one runs', async () => {
    const [a, b] = await Promise.all([open(), open()])
    const approval = sampleApproval('apr_1', { state: 'granted' })
    await a.journal.commit({ records: [], changes: [{ kind: 'insert-approval', approval }] })
    const results = await Promise.all(
      Array.from({ length: 40 }, (_, at) =>
        (at % 2 === 0 ? a : b).journal.commit({
          records: [decisionRecord({ id: `dec_${String(at)}`, task: ROOT })],
          changes: [
            {
              kind: 'update-approval',
              from: { id: approval.id, state: 'granted', votes: 0 },
              approval: { ...approval, state: 'used' },
            },
          ],
        }),
      ),
    )
    expect(results.filter((result) => result === 'committed')).toHaveLength(1)
    expect((await b.records.head(DEFAULT_TENANT)).size).toBe(1)
  })

  test.each([
    ['pending', ['granted', 'refused', 'expired', 'cancelled']],
    ['granted', ['used', 'expired', 'cancelled']],
  ] as const)(
    'R-CON-3: of all that may become of one that is %s exactly one does, whichever replica each is tried at',
    async (state, ends) => {
      const [a, b] = await Promise.all([open(), open()])
      const approvals = Array.from({ length: 12 }, (_, at) =>
        sampleApproval(`apr_${at}`, { state, call: `${at}`.padEnd(64, 'x') as Digest }),
      )
      const changes = approvals.map((approval) => ({ kind: 'insert-approval', approval }) as const)
      await a.journal.commit({ records: [], changes })
      const endings = approvals.flatMap((approval) =>
        ends.flatMap((end) => [a, b].map((replica) => ({ approval: { ...approval, state: end }, replica }))),
      )
      const results = await Promise.all(
        endings.map(({ approval, replica }) => {
          const from = { id: approval.id, state, votes: 0 }
          const change = { kind: 'update-approval', from, approval } as const
          return replica.journal.commit({ records: [], changes: [change] })
        }),
      )
      const won = endings.filter((_, at) => results[at] === 'committed').map(({ approval }) => approval)
      expect(won.map(({ id }) => id)).toEqual(approvals.map(({ id }) => id))
      const stored = await b.approvals.some(
        DEFAULT_TENANT,
        approvals.map(({ id }) => id),
      )
      expect(stored.map((one) => [one.id, one.state])).toEqual(won.map((one) => [one.id, one.state]))
    },
  )

  test('R-ID-3: what one revokes or counts, the other sees with its next look', async () => {
    const [a, b] = await Promise.all([open(), open()])
    await a.journal.commit({ records: [], changes: [{ kind: 'insert-task', task: sampleTask(ROOT) }] })
    const add = { kind: 'add-facts', tenant: DEFAULT_TENANT, root: ROOT, add: { calls: 1 } } as const
    await Promise.all(
      Array.from({ length: 20 }, (_, at) =>
        (at % 2 === 0 ? a : b).journal.commit({ records: [], changes: [add] }),
      ),
    )
    expect((await b.tasks.facts(DEFAULT_TENANT, ROOT)).calls).toBe(20)
    const revoke = { kind: 'revoke-task', tenant: DEFAULT_TENANT, task: ROOT, at: AT } as const
    await b.journal.commit({
      records: [],
      changes: [{ ...revoke, by: sampleTask(ROOT).human, reason: 'lost laptop' }],
    })
    expect((await a.tasks.get(DEFAULT_TENANT, ROOT))?.revoked?.reason).toBe('lost laptop')
  })

  test('R-AUD-2: a change behind their backs is found, and stops the writing', async () => {
    const store = await open()
    await Promise.all(Array.from({ length: 300 }, (_, at) => decide(store, `dec_${String(at)}`)))
    await store.close()
    await sql(`UPDATE record SET body = replace(body, 'dec_7"', 'dec_8"') WHERE index = 7`)
    const report = await verify()
    expect(report.ok).toBe(false)
    expect(report.findings).toContainEqual(expect.objectContaining({ kind: 'body', index: 7 }))
    await sql('DELETE FROM record WHERE index >= 290; UPDATE tenant SET size = 290')
    const after = await open()
    await expect(decide(after, 'dec_x')).rejects.toMatchObject({ code: 'ledger_broken' })
  })
})

describe('R-REL-1: the database goes away', () => {
  test('nothing passes meanwhile, and it goes on by itself with the same chain', async () => {
    const store = await open()
    await decide(store, 'dec_1')
    await server.stop()
    await expect(decide(store, 'dec_2')).rejects.toMatchObject({ code: 'ledger_unavailable' })
    expect(store.health()).toBe('unavailable')
    await server.start()
    await expect.poll(() => store.health(), { timeout: 60_000 }).toBe('available')
    await decide(store, 'dec_3')
    await store.close()
    expect(await verify()).toMatchObject({ ok: true })
  })

  test('a database that cannot be reached is said at start, with what to do', async () => {
    await expect(
      openPostgresStore({ url: 'postgres://x@127.0.0.1:9/none', signingKey, log: SILENT }),
    ).rejects.toMatchObject({ code: 'ledger_unavailable', message: expect.stringContaining('database') })
  })

  test('a database of a later release is refused', async () => {
    await (await open()).close()
    await sql('INSERT INTO schema_version (version) VALUES (99)')
    await expect(open()).rejects.toMatchObject({ code: 'state_unreadable' })
  })
})

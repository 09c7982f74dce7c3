import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Client } from 'pg'
import { verifyLedger } from '../../src/audit/verify.ts'
import type { LedgerSource } from '../../src/audit/ledger-source.ts'
import { DEFAULT_TENANT, type TaskId } from '../../src/core/ids.ts'
import { SILENT } from '../../src/core/log.ts'
import { openPostgresLedger } from '../../src/store/postgres/open-postgres-ledger.ts'
import { openPostgresStore } from '../../src/store/postgres/open-postgres-store.ts'
import { openSqliteLedger } from '../../src/store/sqlite/open-sqlite-ledger.ts'
import { openSqliteStore } from '../../src/store/sqlite/open-sqlite-store.ts'
import type { LedgerStore } from '../../src/store/store.ts'
import { decisionRecord } from '../../test/suites/sample-records.ts'

/** A ledger that is measured, beside the plain table that a program would write that knows nothing of ledgers. */
export interface Place {
  readonly store: LedgerStore
  /** A durable INSERT of the same record, without any hash. */
  readonly plain: () => unknown
  /** Records that are in the index of searches already. */
  readonly indexed: () => Promise<number>
  /** Closes it. @returns bytes of it on the disk, and what reads it again. */
  close(): Promise<{ readonly bytes: number; readonly source: LedgerSource }>
  remove(): Promise<void>
}

const { privateKey: signingKey, publicKey } = generateKeyPairSync('ed25519')
/** Records of one unit while a ledger is filled. */
const FILL = 500
/** Rows that a plain table begins with. */
const WARM = 5_000
const INDEXED = 'SELECT coalesce(sum(count), 0) AS n FROM search_block'
let made = 0

const sample = (): ReturnType<typeof decisionRecord> => {
  made += 1
  return decisionRecord({ id: `dec_${made}`, task: `tsk_${made % 100}` })
}

/** As the gate commits a decision: the record, and what it adds to the facts of its task. */
export function commitOne({ journal }: LedgerStore): Promise<unknown> {
  const add = {
    kind: 'add-facts',
    tenant: DEFAULT_TENANT,
    root: 'tsk_1' as TaskId,
    add: { calls: 1 },
  } as const
  return journal.commit({ records: [sample()], changes: [add] })
}

export async function sqlitePlace(parent: string): Promise<Place> {
  const folder = mkdtempSync(join(parent, 'remit-bench-'))
  const file = join(folder, 'ledger.sqlite')
  const store = await openSqliteStore({ file, checkpointFolder: folder, signingKey, log: SILENT })
  const db = new DatabaseSync(join(folder, 'plain.db'))
  db.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL')
  db.exec('CREATE TABLE record (id INTEGER PRIMARY KEY, body TEXT, detail TEXT, payload TEXT)')
  const insert = db.prepare('INSERT INTO record (body, detail, payload) VALUES (?, ?, ?)')
  // Its write-ahead log is as long as the ledger’s will be: a sync that makes a file longer takes several times as long.
  db.exec('BEGIN')
  for (let row = 0; row < WARM; row++) insert.run(...plainRow())
  db.exec('COMMIT')
  const reader = new DatabaseSync(file, { readOnly: true })
  return {
    store,
    plain: () => insert.run(...plainRow()),
    indexed: async () => Number(reader.prepare(INDEXED).get()?.['n']),
    close: async () => {
      reader.close()
      await store.close()
      return { bytes: statSync(file).size, source: openSqliteLedger(file) }
    },
    remove: async () => {
      db.close()
      rmSync(folder, { recursive: true })
    },
  }
}

export async function postgresPlace(url: string): Promise<Place> {
  const store = await openPostgresStore({ url, signingKey, log: SILENT })
  const client = new Client({ connectionString: url })
  await client.connect()
  await client.query(
    'CREATE TABLE plain (id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY, body text, detail text, payload text)',
  )
  const text = 'INSERT INTO plain (body, detail, payload) VALUES ($1, $2, $3)'
  return {
    store,
    plain: () => client.query({ name: 'plain', text, values: plainRow() }),
    indexed: async () => Number((await client.query<{ n: string }>(INDEXED)).rows[0]?.n),
    close: async () => {
      await store.close()
      const { rows } = await client.query<{ n: string }>(
        `SELECT sum(pg_total_relation_size(oid)) AS n FROM pg_class
         WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'plain'`,
      )
      return { bytes: Number(rows[0]?.n), source: await openPostgresLedger({ url, log: SILENT }) }
    },
    remove: () => client.end(),
  }
}

function plainRow(): string[] {
  const { envelope, detail, payload } = sample()
  return [JSON.stringify(envelope), JSON.stringify(detail), JSON.stringify(payload)]
}

/** Brings a ledger to so many records, by the way that all records go, and waits for its index. */
export async function fill({ store, indexed }: Place, size: number): Promise<void> {
  let left = size
  const lane = async (): Promise<void> => {
    while (left > 0) {
      const count = Math.min(FILL, left)
      left -= count
      await store.journal.commit({ records: Array.from({ length: count }, sample), changes: [] })
    }
  }
  await Promise.all([lane(), lane()])
  while ((await indexed()) < size) await new Promise((resolve) => setTimeout(resolve, 200))
}

export interface Verified {
  readonly records: number
  /** A record: time, and bytes of everything that the store holds, with its indexes. */
  readonly micros: number
  readonly bytes: number
}

/** Closes a ledger, verifies all of it, and removes it. @throws Error where it does not hold. */
export async function verified(place: Place): Promise<Verified> {
  const { bytes, source } = await place.close()
  const start = performance.now()
  const { ok, tenants, findings } = await verifyLedger(source, { publicKey })
  const elapsed = performance.now() - start
  source.close()
  await place.remove()
  if (!ok) throw new Error(`the ledger does not hold: ${findings[0]?.text}`)
  const records = tenants[0]?.records ?? 0
  return { records, micros: (elapsed * 1_000) / records, bytes: bytes / records }
}

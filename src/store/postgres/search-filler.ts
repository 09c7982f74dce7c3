import { setImmediate, setTimeout as sleep } from 'node:timers/promises'
import type { Pool, PoolClient } from 'pg'
import type { Log } from '../../core/log.ts'
import { BLOCK } from '../search/bits.ts'
import { FILL_LOCK } from './fill-lock.ts'
import { indexBatch } from '../search/index-batch.ts'
import { writeIndex } from './write-index.ts'

/** Milliseconds between two looks at whether records came. */
const EVERY = 250
/** Records put into the index at a time: some 3 ms of this thread, on which calls wait. */
const BATCH = 128

interface Gap {
  readonly number: number
  readonly filled: number
}

/** Fills the index of records behind the log, one gateway at a time, never within the transaction of a call. */
export class SearchFiller {
  readonly #pool: Pool
  readonly #log: Log
  readonly #stop = new AbortController()
  #running: Promise<void> | undefined

  constructor(pool: Pool, log: Log) {
    this.#pool = pool
    this.#log = log
  }

  start(): void {
    this.#running ??= this.#run()
  }

  async close(): Promise<void> {
    this.#stop.abort()
    await this.#running
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop
    while (!signal.aborted) {
      await this.#fillAll().catch((error: unknown) => {
        const fields = { what: 'projection', reason: String(error) }
        this.#log.log('warn', 'ledger.idle_work_failed', fields)
      })
      await sleep(EVERY, undefined, { signal, ref: false }).catch(() => {})
    }
  }

  async #fillAll(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      if (!(await this.#fillSome())) return
      await setImmediate()
    }
  }

  /** @returns whether there was something, and this gateway was the one that filled. */
  async #fillSome(): Promise<boolean> {
    const { rows: gaps } = await this.#pool.query<Gap>(
      `SELECT number, filled FROM (
         SELECT number, size, coalesce((SELECT block::bigint * ${BLOCK} + count FROM search_block
           WHERE search_block.tenant = number ORDER BY block DESC LIMIT 1), 0) AS filled FROM tenant
       ) AS filling WHERE size > filled LIMIT 1`,
    )
    const [gap] = gaps
    if (gap === undefined) return false
    const client = await this.#pool.connect()
    try {
      return await fill(client, gap.number)
    } finally {
      client.release()
    }
  }
}

async function fill(client: PoolClient, tenant: number): Promise<boolean> {
  await client.query('BEGIN')
  try {
    const { rows: lock } = await client.query<{ held: boolean }>(
      'SELECT pg_try_advisory_xact_lock($1) AS held',
      [FILL_LOCK],
    )
    const held = lock[0]?.held === true
    if (held) await advance(client, tenant)
    await client.query('COMMIT')
    return held
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {})
    throw error
  }
}

async function advance(client: PoolClient, tenant: number): Promise<void> {
  // Whoever filled before has committed, since the lock goes with its transaction; what it did is seen only from here on.
  const { rows: last } = await client.query<{ filled: number }>(
    `SELECT block::bigint * ${BLOCK} + count AS filled FROM search_block WHERE tenant = $1 ORDER BY block DESC LIMIT 1`,
    [tenant],
  )
  const from = last[0]?.filled ?? 0
  const { rows } = await client.query<{ index: number; body: string; detail: string | null }>(
    `SELECT record.index, body, detail FROM record
     LEFT JOIN content ON content.tenant = record.tenant AND content.index = record.index
     WHERE record.tenant = $1 AND record.index >= $2 AND record.index < $3 ORDER BY record.index`,
    [tenant, from, from + BATCH],
  )
  if (rows.length > 0) await writeIndex(client, tenant, indexBatch(rows))
}

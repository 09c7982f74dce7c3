import { randomBytes } from 'node:crypto'
import type { Pool, PoolClient } from 'pg'
import type { CommitResult, Journal, Urgency } from '../../audit/journal.ts'
import { serialiseRecord } from '../../audit/serialise-record.ts'
import type { UnitOfWork } from '../../core/change.ts'
import { asRemitError, RemitError } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'
import type { CheckpointFiles } from '../checkpoint-files.ts'
import { claimWriter } from './claim-writer.ts'
import { vacuumErased } from './erasure-statements.ts'
import { isServerError, storeUnavailable } from './connect.ts'
import type { KnownStandings } from './known-standings.ts'
import { TenantLedgers, type LedgerOptions } from './tenant-ledgers.ts'
import { writeBatch, type Published, type Writer, type WrittenUnit } from './write-batch.ts'

export interface JournalLimits {
  /** Units in one durable transaction; default 64. */
  readonly flushUnits: number
  /** Units that may wait before `ledger_busy`; default 4096. */
  readonly waitingUnits: number
}

export const DEFAULT_LIMITS: JournalLimits = { flushUnits: 64, waitingUnits: 4096 }

export interface JournalOptions extends LedgerOptions {
  readonly pool: Pool
  /** Told of every revision that a batch met. */
  readonly standings: KnownStandings
  readonly log: Log
  readonly limits: JournalLimits
  readonly checkpointInterval: number
}

interface Waiting {
  readonly unit: WrittenUnit
  readonly resolve: (result: CommitResult) => void
  readonly reject: (error: RemitError) => void
}

const RETRY_FIRST = 100
const RETRY_MOST = 5_000

/** Queues units and writes them in batches over one connection, which also holds the writer's id. */
export class PostgresJournal implements Journal {
  readonly #options: JournalOptions
  #waiting: Waiting[] = []
  #sent = 0
  #running: Promise<void> | undefined
  #connection: { readonly client: PoolClient; readonly writer: Writer } | undefined
  #trouble: RemitError | undefined
  #retry: NodeJS.Timeout | undefined
  #signer: NodeJS.Timeout
  #closed = false

  constructor(options: JournalOptions) {
    this.#options = options
    this.#signer = setInterval(() => this.#signGrown(), options.checkpointInterval)
    this.#signer.unref()
  }

  get health(): 'available' | 'unavailable' | 'closed' {
    if (this.#closed) return 'closed'
    return this.#trouble === undefined ? 'available' : 'unavailable'
  }

  /** Units that wait or are being written. */
  get depth(): number {
    return this.#waiting.length + this.#sent
  }

  /** @returns the id that records are written as. @throws what PostgreSQL throws. */
  async start(): Promise<string> {
    return (await this.#connect()).writer.id
  }

  commit(unit: UnitOfWork, _urgency?: Urgency): Promise<CommitResult> {
    const refusal = this.#refusal()
    if (refusal !== undefined) return Promise.reject(refusal)
    let written: WrittenUnit
    try {
      written = { records: unit.records.map(serialiseRecord), changes: unit.changes }
    } catch (error) {
      return Promise.reject(asRemitError(error))
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ unit: written, resolve, reject })
      this.#running ??= this.#run()
    })
  }

  /** Writes what waits, signs, and lets the connection go. */
  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    clearInterval(this.#signer)
    clearTimeout(this.#retry)
    await this.#running
    await this.#sign(0).catch(() => {})
    this.#connection?.client.release(true)
    this.#connection = undefined
  }

  #refusal(): RemitError | undefined {
    if (this.#closed) return new RemitError('ledger_unavailable', 'the store is closed')
    if (this.#trouble !== undefined) return this.#trouble
    if (this.#waiting.length < this.#options.limits.waitingUnits) return undefined
    return new RemitError('ledger_busy', 'the ledger has too much to write; try again in a moment')
  }

  async #run(): Promise<void> {
    // At the end of this turn of the event loop, so that what came in it shares one transaction.
    await new Promise(setImmediate)
    while (this.#waiting.length > 0 && this.#trouble === undefined) {
      const batch = this.#waiting.splice(0, this.#options.limits.flushUnits)
      this.#sent = batch.length
      await this.#flush(batch)
      this.#sent = 0
    }
    this.#running = undefined
    if (this.#waiting.length > 0 && this.#trouble === undefined) this.#running = this.#run()
  }

  async #flush(batch: readonly Waiting[]): Promise<void> {
    try {
      const { client, writer } = await this.#connect()
      const { results, signed, revisions } = await writeBatch(
        client,
        batch.map(({ unit }) => unit),
        writer,
      )
      this.#options.standings.learn(revisions)
      this.#publish(signed)
      await this.#settle(batch)
      for (const [at, { resolve }] of batch.entries()) resolve(results[at] ?? 'conflict')
    } catch (error) {
      if (error instanceof RemitError || !isServerError(error)) await this.#single(batch, error)
      else this.#fail(batch, error)
    }
  }

  async #settle(batch: readonly Waiting[]): Promise<void> {
    const settles = batch.some(({ unit }) => unit.changes.some(({ kind }) => kind === 'erasure-settled'))
    if (!settles) return
    await vacuumErased(this.#options.pool).catch((error: unknown) => {
      this.#options.log.log('warn', 'ledger.idle_work_failed', { what: 'erasure', reason: String(error) })
    })
  }

  /** A unit that fails for a reason of its own does not take the others with it. */
  async #single(batch: readonly Waiting[], error: unknown): Promise<void> {
    const [only] = batch
    if (batch.length === 1) only?.reject(asRemitError(error))
    else for (const each of batch) await this.#flush([each])
  }

  /** Everything that waits is refused: nothing is kept for a database that may never come back. */
  #fail(batch: readonly Waiting[], cause: unknown): void {
    const error = storeUnavailable(cause)
    this.#options.log.log('error', 'ledger.unavailable', { detail: error.detail })
    this.#trouble = error
    this.#disconnect()
    const refused = [...batch, ...this.#waiting]
    this.#waiting = []
    for (const { reject } of refused) reject(error)
    this.#reconnect(RETRY_FIRST)
  }

  #reconnect(delay: number): void {
    if (this.#closed) return
    this.#retry = setTimeout(() => void this.#tryAgain(delay), delay)
    this.#retry.unref()
  }

  async #tryAgain(delay: number): Promise<void> {
    try {
      const { client } = await this.#connect()
      await client.query('SELECT 1')
      this.#trouble = undefined
      this.#options.log.log('info', 'ledger.available')
    } catch {
      this.#disconnect()
      this.#reconnect(Math.min(RETRY_MOST, delay * 2))
    }
  }

  async #connect(): Promise<{ readonly client: PoolClient; readonly writer: Writer }> {
    if (this.#connection !== undefined) return this.#connection
    const { pool, checkpointInterval } = this.#options
    const client = await pool.connect()
    // Told of a connection that breaks while nothing is asked over it.
    client.on('error', () => this.#disconnect())
    try {
      const id = await claimWriter(client, randomBytes)
      const writer = { id, ledgers: new TenantLedgers(this.#options, id), checkpointInterval }
      this.#connection = { client, writer }
      return this.#connection
    } catch (error) {
      client.release(true)
      throw error
    }
  }

  #disconnect(): void {
    const connection = this.#connection
    this.#connection = undefined
    connection?.client.release(true)
  }

  #signGrown(): void {
    if (this.#running !== undefined || this.#closed) return
    this.#running = this.#signThenRun()
  }

  /** A batch that came meanwhile waited for the connection. */
  async #signThenRun(): Promise<void> {
    try {
      await this.#sign(this.#options.checkpointInterval)
    } catch (error) {
      const fields = { what: 'checkpoint', reason: String(error) }
      this.#options.log.log('warn', 'ledger.idle_work_failed', fields)
    }
    await this.#run()
  }

  /** Signs every tree that this replica knows to have grown, with a batch that adds nothing else. */
  async #sign(interval: number): Promise<void> {
    const connection = this.#connection
    if (connection === undefined) return
    const { client, writer } = connection
    const grown = [...writer.ledgers.known()].filter(({ ledger }) => ledger.unsigned)
    if (grown.length === 0) return
    const tenants = grown.map(({ ledger }) => ledger.tenant)
    const { signed, revisions } = await writeBatch(client, [], {
      ...writer,
      checkpointInterval: interval,
      also: tenants,
    })
    this.#options.standings.learn(revisions)
    this.#publish(signed)
  }

  #publish(signed: readonly Published[]): void {
    const files: CheckpointFiles = this.#options.files
    for (const { tenant, note } of signed) {
      try {
        files.append(tenant, note, Date.now())
      } catch (error) {
        const fields = { tenant, reason: String(error) }
        this.#options.log.log('error', 'ledger.checkpoint_not_published', fields)
      }
    }
  }
}

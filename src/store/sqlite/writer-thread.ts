import type { DatabaseSync } from 'node:sqlite'
import { parentPort as port, workerData } from 'node:worker_threads'

import { asRemitError } from '../../core/errors.ts'
import { CheckpointFiles } from '../checkpoint-files.ts'
import { FileWatch } from './file-watch.ts'
import { idlePace } from './idle-pace.ts'
import { LedgerWriter, type Published } from './ledger-writer.ts'
import { openForWriting } from './open-database.ts'
import { unpackUnits } from './pack-units.ts'
import { migrate } from './schema.ts'
import { SearchProjection } from './search-projection.ts'
import { isStorageError } from './sqlite-error.ts'
import { settleErasure } from './settle-erasure.ts'
import { probeStorage } from './storage-probe.ts'
import type { FromWriter, ToWriter, WriterSettings, WrittenUnit } from './writer-messages.ts'

/** Idle work starts this long after the last batch, in ms. */
const IDLE_AFTER = 200
const IDLE_TICK = 250
const PROBE_EVERY = 250

/** The thread that owns the write connection. One message a batch in, one out. */
class WriterThread {
  readonly #settings: WriterSettings
  readonly #db: DatabaseSync
  readonly #files: CheckpointFiles
  readonly #writer: LedgerWriter
  readonly #projection: SearchProjection
  readonly #watch: FileWatch
  #lastBatch = 0
  /** False = something of what was erased may still lie in the files. */
  #settled = true
  #tick: NodeJS.Timeout | undefined

  constructor(settings: WriterSettings) {
    this.#settings = settings
    this.#db = openForWriting(settings.file, settings.maxPages)
    migrate(this.#db)
    this.#files = new CheckpointFiles(settings.checkpointFolder)
    this.#writer = new LedgerWriter(this.#db, settings, this.#files)
    this.#watch = new FileWatch(settings.file)
    this.#settled = this.#settleQuietly(false)
    this.#writer.restoreAll()
    this.#projection = new SearchProjection(this.#db)
    this.#armTick()
  }

  receive(message: ToWriter): void {
    if (message.kind === 'close') this.#close()
    else this.#apply(unpackUnits(message.units))
  }

  #apply(units: readonly WrittenUnit[]): void {
    const now = Date.now()
    this.#lastBatch = now
    const missing = this.#watch.missing()
    if (missing !== undefined) return this.#unavailable(`\`${missing}\` was deleted or replaced`)
    try {
      const { results, facts, tallies, signed } = this.#writer.apply(units, now)
      if (units.some(settles)) this.#settled = this.#settleQuietly(true)
      send({ kind: 'results', results, facts, tallies })
      this.#publish(signed, now)
      this.#armTick()
    } catch (error) {
      if (!isStorageError(error)) throw error
      this.#unavailable(error instanceof Error ? error.message : String(error))
    }
  }

  #unavailable(detail: string): void {
    send({ kind: 'unavailable', detail })
    const probe = setInterval(() => {
      try {
        if (this.#watch.missing() !== undefined) return
        probeStorage(this.#db)
      } catch (error) {
        if (!isStorageError(error)) throw error
        return
      }
      clearInterval(probe)
      send({ kind: 'available' })
    }, PROBE_EVERY)
    probe.unref()
  }

  /** Between batches: sign what has grown, then fill the index. */
  #idle(): void {
    this.#tick = undefined
    const now = Date.now()
    if (this.#watch.missing() !== undefined) return
    const resting = now - this.#lastBatch >= IDLE_AFTER
    let again: number | undefined
    this.#quietly('checkpoint', () => {
      this.#publish(this.#writer.signGrown(now, this.#settings.checkpointInterval), now)
      if (this.#writer.unsigned) again = IDLE_TICK
    })
    this.#quietly('projection', () => {
      const pace = idlePace(this.#projection.lag(), resting)
      if (pace.records > 0) this.#projection.advance(pace.records)
      again = pace.again ?? again
    })
    if (resting && !this.#settled) this.#settled = this.#settleQuietly(true)
    if (again !== undefined || !this.#settled) this.#armTick(again)
  }

  #settleQuietly(live: boolean): boolean {
    let settled = false
    this.#quietly('erasure', () => {
      settled = settleErasure(this.#db, live)
    })
    return settled
  }

  /** Idle work that fails is tried again later; what a caller waits for never depends on it. */
  #quietly(what: string, work: () => void): void {
    try {
      work()
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      send({ kind: 'log', level: 'warn', event: 'ledger.idle_work_failed', fields: { what, reason } })
    }
  }

  #publish(signed: readonly Published[], now: number): void {
    for (const { tenant, note } of signed) {
      try {
        this.#files.append(tenant, note, now)
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error)
        const fields = { tenant, reason }
        send({ kind: 'log', level: 'error', event: 'ledger.checkpoint_not_published', fields })
      }
    }
  }

  #armTick(delay: number = IDLE_TICK): void {
    this.#tick ??= setTimeout(() => this.#idle(), delay)
  }

  #close(): void {
    clearTimeout(this.#tick)
    this.#quietly('checkpoint', () => {
      const now = Date.now()
      if (this.#watch.missing() === undefined) this.#publish(this.#writer.signGrown(now, 0), now)
    })
    this.#db.close()
    send({ kind: 'closed' })
    port?.close()
  }
}

function settles({ changes }: WrittenUnit): boolean {
  return changes.some(({ kind }) => kind === 'erasure-settled')
}

function send(message: FromWriter): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker's port, not a window
  port?.postMessage(message)
}

function start(): void {
  try {
    const thread = new WriterThread(workerData as WriterSettings)
    port?.on('message', (message: ToWriter) => thread.receive(message))
    send({ kind: 'ready' })
  } catch (error) {
    const { code, message, detail } = isStorageError(error) ? storageRefusal(error) : asRemitError(error)
    send({ kind: 'refused', code, message, ...(detail !== undefined && { detail }) })
    port?.close()
  }
}

function storageRefusal(error: unknown): { code: 'state_unreadable'; message: string; detail: string } {
  const { file } = workerData as WriterSettings
  return {
    code: 'state_unreadable',
    message: `the database \`${file}\` cannot be used; check its disk, path and rights`,
    detail: error instanceof Error ? error.message : String(error),
  }
}

start()

import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'

import type { CommitResult, Journal, Urgency } from '../../audit/journal.ts'
import { serialiseRecord } from '../../audit/serialise-record.ts'
import type { UnitOfWork } from '../../core/change.ts'
import { asRemitError, RemitError } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'
import type { CommittedTasks } from './committed-tasks.ts'
import type { LedgerHealth } from '../store.ts'
import { packUnits } from './pack-units.ts'
import { ledgerUnavailable } from './sqlite-error.ts'
import type { FromWriter, ToWriter, UnitResult, WriterSettings, WrittenUnit } from './writer-messages.ts'

export interface WriterLimits {
  /** Units in one durable transaction; default 64. */
  readonly flushUnits: number
  /** Units that may wait before `ledger_busy`; default 4096. */
  readonly waitingUnits: number
  /** Characters of text that may wait before `ledger_busy`; default 64 Mi. */
  readonly waitingText: number
}

export const DEFAULT_LIMITS: WriterLimits = { flushUnits: 64, waitingUnits: 4096, waitingText: 67_108_864 }

export interface WriterClientOptions {
  readonly settings: WriterSettings
  readonly limits: WriterLimits
  readonly log: Log
  /** Told of everything that is committed before the caller hears of it. */
  readonly committed: CommittedTasks
  /** Starts the writer's thread; tests give one that they can end. */
  readonly startThread?: (settings: WriterSettings) => Worker
}

interface Waiting {
  readonly unit: WrittenUnit
  readonly text: number
  readonly resolve: (result: CommitResult) => void
  readonly reject: (error: RemitError) => void
}

const NO_RESULT: UnitResult = { code: 'internal', message: 'the ledger’s writer gave no result' }

/** Milliseconds that a unit which may wait does wait for company. */
const SOON = 5
const RESTART_FIRST = 100
const RESTART_MOST = 5000

/** The writer's other end, on the caller's thread: queues units, sends them in batches, tells the results. */
export class WriterClient implements Journal {
  readonly #options: WriterClientOptions
  #waiting: Waiting[] = []
  #waitingText = 0
  #sent: readonly Waiting[] | undefined
  #scheduled = false
  #later: NodeJS.Timeout | undefined
  #thread: Worker | undefined
  #trouble: RemitError | undefined = ledgerUnavailable('the writer has not started')
  #restarts = 0
  #closing: (() => void) | undefined
  #closed = false

  constructor(options: WriterClientOptions) {
    this.#options = options
  }

  get health(): LedgerHealth {
    if (this.#closed) return 'closed'
    return this.#trouble === undefined ? 'available' : 'unavailable'
  }

  /** Units that wait or are being written. */
  get depth(): number {
    return this.#waiting.length + (this.#sent?.length ?? 0)
  }

  /** @throws RemitError `state_unreadable`, `ledger_broken`, `key_unusable` when the writer cannot start. */
  async start(): Promise<void> {
    try {
      await new Promise<void>((resolve, reject) => {
        this.#startThread({ ready: resolve, refused: reject })
      })
    } catch (error) {
      this.#closed = true
      throw error
    }
  }

  // Not `async`: one promise a commit is enough on this path.
  commit(unit: UnitOfWork, urgency: Urgency = 'now'): Promise<CommitResult> {
    const refusal = this.#refusal()
    if (refusal !== undefined) return Promise.reject(refusal)
    let written: WrittenUnit
    try {
      written = { records: unit.records.map(serialiseRecord), changes: unit.changes }
    } catch (error) {
      return Promise.reject(asRemitError(error))
    }
    const text = textOf(written)
    return new Promise((resolve, reject) => {
      this.#waiting.push({ unit: written, text, resolve, reject })
      this.#waitingText += text
      if (urgency === 'now') this.#schedule()
      else this.#scheduleLater()
    })
  }

  /** Writes what waits, then ends the thread. */
  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    const thread = this.#thread
    if (thread === undefined) return
    await new Promise<void>((resolve) => {
      this.#closing = resolve
      if (this.depth === 0) this.#post({ kind: 'close' })
      else this.#schedule()
    })
    clearTimeout(this.#later)
    await thread.terminate()
  }

  #refusal(): RemitError | undefined {
    if (this.#closed) return ledgerUnavailable('the store is closed')
    if (this.#trouble !== undefined) return this.#trouble
    const { waitingUnits, waitingText } = this.#options.limits
    if (this.#waiting.length < waitingUnits && this.#waitingText < waitingText) return undefined
    return new RemitError('ledger_busy', 'the ledger has too much to write; try again in a moment')
  }

  /** At the end of this turn of the event loop: waking a thread costs more than a unit does, so a turn wakes it once. */
  #schedule(): void {
    if (this.#sent !== undefined || this.#scheduled) return
    this.#scheduled = true
    setImmediate(() => this.#flush())
  }

  /** One timer for all; when it fires, what it was for has often left with a unit that could not wait. */
  #scheduleLater(): void {
    this.#later ??= setTimeout(() => {
      this.#later = undefined
      if (this.#waiting.length > 0) this.#schedule()
    }, SOON)
  }

  #flush(): void {
    this.#scheduled = false
    if (this.#sent !== undefined || this.#waiting.length === 0 || this.#trouble !== undefined) return
    const batch = this.#waiting.splice(0, this.#options.limits.flushUnits)
    for (const { text } of batch) this.#waitingText -= text
    this.#sent = batch
    this.#post({ kind: 'batch', units: packUnits(batch.map(({ unit }) => unit)) })
  }

  #post(message: ToWriter): void {
    this.#thread?.postMessage(message)
  }

  #startThread(first?: { ready: () => void; refused: (error: RemitError) => void }): void {
    const thread = (this.#options.startThread ?? startThread)(this.#options.settings)
    this.#thread = thread
    const gone = (error: RemitError): void => {
      first?.refused(error)
      this.#gone(thread, error)
    }
    thread.on('message', (message: FromWriter) => {
      if (message.kind === 'ready') first?.ready()
      if (message.kind === 'refused') gone(new RemitError(message.code, message.message, message))
      else this.#receive(message)
    })
    thread.on('error', (error) => gone(ledgerUnavailable('the writer’s thread failed', error)))
    thread.on('exit', () => gone(ledgerUnavailable('the writer’s thread ended')))
  }

  #receive(message: Exclude<FromWriter, { kind: 'refused' }>): void {
    switch (message.kind) {
      case 'ready':
      case 'available': {
        this.#restarts = message.kind === 'ready' ? this.#restarts : 0
        this.#trouble = undefined
        this.#options.log.log('info', 'ledger.available')
        break
      }
      case 'results': {
        this.#restarts = 0
        this.#remember(message)
        this.#settle(message.results)
        break
      }
      case 'unavailable': {
        this.#fail(ledgerUnavailable(message.detail))
        break
      }
      case 'log': {
        this.#options.log.log(message.level, message.event, message.fields)
        break
      }
      case 'closed': {
        this.#closing?.()
        break
      }
    }
  }

  #remember({ facts, tallies }: Extract<FromWriter, { kind: 'results' }>): void {
    const { committed } = this.#options
    for (const { unit } of this.#sent ?? []) for (const change of unit.changes) committed.touched(change)
    for (const each of facts) committed.counted(each)
    committed.tallied(tallies)
  }

  #settle(results: readonly UnitResult[]): void {
    const batch = this.#sent ?? []
    this.#sent = undefined
    if (this.#waiting.length > 0) this.#schedule()
    for (const [i, { resolve, reject }] of batch.entries()) {
      const result = results[i] ?? NO_RESULT
      if (typeof result === 'string') resolve(result)
      else reject(new RemitError(result.code, result.message, result))
    }
    if (this.#closing && this.depth === 0) this.#post({ kind: 'close' })
  }

  /** Everything that waits is refused: nothing is kept for a disk that may never come back. */
  #fail(error: RemitError): void {
    this.#trouble = error
    this.#options.committed.forget()
    this.#options.log.log('error', 'ledger.unavailable', { detail: error.detail, code: error.code })
    const refused = [...(this.#sent ?? []), ...this.#waiting]
    this.#sent = undefined
    this.#waiting = []
    this.#waitingText = 0
    for (const { reject } of refused) reject(error)
    if (this.#closing) this.#post({ kind: 'close' })
  }

  #gone(thread: Worker, error: RemitError): void {
    if (this.#thread !== thread) return
    this.#thread = undefined
    this.#closing?.()
    if (this.#closed && this.depth === 0) return
    const known = error.code === 'ledger_broken' || error.code === 'ledger_unavailable'
    this.#fail(known ? error : ledgerUnavailable(error.message, error))
    if (this.#closed || error.code === 'ledger_broken') return
    const delay = Math.min(RESTART_MOST, RESTART_FIRST * 2 ** this.#restarts)
    this.#restarts += 1
    setTimeout(() => {
      if (!this.#closed) this.#startThread()
    }, delay).unref()
  }
}

function textOf(unit: WrittenUnit): number {
  let text = 0
  for (const { head, detail, payload } of unit.records) {
    text += head.length + (detail?.length ?? 0) + (payload?.length ?? 0)
  }
  return text
}

/** The writer lies beside this file, as source or compiled. */
function startThread(settings: WriterSettings): Worker {
  const file = new URL(`./writer-thread${extname(import.meta.url)}`, import.meta.url)
  return new Worker(file, { workerData: settings, execArgv: [], name: 'remit-ledger' })
}

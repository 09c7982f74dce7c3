import { type EncoderOptions, encodeRecords, headOf } from '../audit/export/record-encoder.ts'
import { passes, type RecordFilter } from '../audit/export/record-filter.ts'
import type { RecordReader } from '../audit/record-reader.ts'
import type { Clock } from '../core/clock.ts'
import type { TenantId } from '../core/ids.ts'
import type { Log } from '../core/log.ts'
import type { Cursor, CursorBook } from './export-cursor.ts'
import type { Sink } from './sink.ts'

/** Longer than any attempt may last, in ms. */
const LEASE = 180_000
const FIRST_WAIT = 1_000
const LONGEST_WAIT = 60_000

export interface LedgerCourierDeps {
  readonly tenant: TenantId
  readonly sink: Sink
  readonly cursor: CursorBook
  readonly records: RecordReader
  readonly clock: Clock
  readonly log: Log
  /** Of this replica. */
  readonly holder: string
  /** True = nobody else follows this ledger, so that whoever held the cursor is gone. */
  readonly alone: boolean
  readonly filter: RecordFilter
  readonly encoding: Pick<EncoderOptions, 'format' | 'content' | 'version' | 'signals'>
  /** Where a sink begins that was never there. */
  readonly from: 'beginning' | 'now'
  /** Records looked at for one batch. */
  readonly most: number
}

/** How a sink stands, as `remit status` and `/metrics` tell it. */
export interface SinkStanding {
  readonly name: string
  readonly place: string
  /** Records of the ledger that it may not have. */
  readonly lag: number
  readonly failures: number
  /** Why it could not be reached last; absent = it has what it was sent. */
  readonly lastError?: string
}

/**
 * Brings the ledger to one sink, in order, at least once. What the sink took is in the cursor before anything after it
 * is sent; what it did not take is sent again, so that a sink that is down loses nothing and holds up no call.
 */
export class LedgerCourier {
  readonly #deps: LedgerCourierDeps
  #failed = 0
  #failures = 0
  #lastError: string | undefined
  #notBefore = 0
  #stopped = false

  constructor(deps: LedgerCourierDeps) {
    this.#deps = deps
  }

  async standing(): Promise<SinkStanding> {
    const { sink, cursor, records, tenant, from } = this.#deps
    const [{ size }, at] = await Promise.all([records.head(tenant), cursor.read()])
    const lag = Math.max(0, size - (at?.next ?? (from === 'now' ? size : 0)))
    const error = this.#lastError === undefined ? {} : { lastError: this.#lastError }
    return { name: sink.name, place: sink.place, lag, failures: this.#failures, ...error }
  }

  /** The batch that is on its way is the last. */
  stop(): void {
    this.#stopped = true
  }

  /** All that is there now, batch after batch. Answers with how many records were looked at and brought. */
  async round(): Promise<number> {
    const { clock } = this.#deps
    let brought = 0
    if (this.#stopped || clock.now() < this.#notBefore) return brought
    for (let held = await this.#take(); held !== undefined;) {
      const end = held.planned ?? held.next
      try {
        await this.#send(held.next, end)
      } catch (error) {
        this.#fail(error)
        return brought
      }
      this.#failed = 0
      this.#lastError = undefined
      brought += end - held.next
      held = await this.#advance(held, end)
    }
    return brought
  }

  /** The cursor with a batch planned, when there is one to bring and nobody else is at it. */
  async #take(): Promise<(Cursor & { readonly planned: number }) | undefined> {
    const { cursor, clock, holder, alone, from, records, tenant } = this.#deps
    const { size } = await records.head(tenant)
    let found = await cursor.read()
    if (found === undefined) {
      await cursor.begin(from === 'now' ? size : 0)
      found = await cursor.read()
    }
    if (found === undefined || found.next >= size) return undefined
    const now = clock.now()
    const mine = found.holder === holder
    if (!mine && !alone && found.until > now) return undefined
    if (mine && found.planned !== undefined && found.until > now + LEASE / 2) {
      return { ...found, planned: found.planned }
    }
    return this.#plan(found, found.next, found.planned ?? this.#endOf(found.next, size))
  }

  async #advance(held: Cursor, next: number): Promise<(Cursor & { readonly planned: number }) | undefined> {
    const { records, tenant, cursor } = this.#deps
    const { size } = await records.head(tenant)
    if (next < size && !this.#stopped) return this.#plan(held, next, this.#endOf(next, size))
    await cursor.move(held, { next, until: 0 })
    return undefined
  }

  async #plan(
    held: Cursor,
    next: number,
    planned: number,
  ): Promise<(Cursor & { readonly planned: number }) | undefined> {
    const { cursor, clock, holder } = this.#deps
    const moved = await cursor.move(held, { next, planned, holder, until: clock.now() + LEASE })
    return moved === undefined ? undefined : { ...moved, planned }
  }

  #endOf(next: number, size: number): number {
    return Math.min(size, next + this.#deps.most)
  }

  async #send(first: number, end: number): Promise<void> {
    const { tenant, sink, records, filter, encoding, most } = this.#deps
    const find = async (id: string) => (await records.query({ tenant, id })).toReversed()
    const limit = Math.max(most, end - first)
    const found = await records.query({ tenant, after: first - 1, before: end, limit })
    if (found.length !== end - first) throw new Error(`records ${first} to ${end - 1} could not all be read`)
    const chosen = found.filter(({ envelope }) => passes(envelope, filter)).toReversed()
    const options = { ...encoding, tenant, find }
    const parts = await encodeRecords(chosen, options)
    if (parts.length === 0) return
    const key = `${tenant}/${sink.name}/${first}-${end}`
    await sink.send({ first, end, key, head: headOf(encoding.format, options), parts })
  }

  #fail(error: unknown): void {
    const { clock, log, sink } = this.#deps
    this.#lastError = error instanceof Error ? error.message : String(error)
    this.#failures += 1
    const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** this.#failed)
    this.#failed += 1
    this.#notBefore = clock.now() + wait
    log.log('warn', 'export.failed', { export: sink.name, reason: this.#lastError, attempts: this.#failed })
  }
}

import { type EncoderOptions, encodeRecords, headOf } from '../audit/export/record-encoder.ts'
import { passes, type RecordFilter } from '../audit/export/record-filter.ts'
import type { RecordReader } from '../audit/record-reader.ts'
import type { Clock } from '../core/clock.ts'
import type { TenantId } from '../core/ids.ts'
import type { Log } from '../core/log.ts'
import type { Cursor, CursorBook, CursorState } from './export-cursor.ts'
import { BatchTooLarge, type Sink } from './sink.ts'

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
  /** What it never got, and why; absent = it has everything that it does not lack. */
  readonly remark?: string
}

type HeldCursor = Cursor & { readonly planned: number }

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
  /** Records of one batch: less after the place found one too large. */
  #most: number

  constructor(deps: LedgerCourierDeps) {
    this.#deps = deps
    this.#most = deps.most
  }

  async standing(): Promise<SinkStanding> {
    const { sink, cursor, records, tenant, from } = this.#deps
    const [{ size }, at] = await Promise.all([records.head(tenant), cursor.read()])
    const lag = Math.max(0, size - (at?.next ?? (from === 'now' ? size : 0)))
    const error = this.#lastError === undefined ? {} : { lastError: this.#lastError }
    const remark = at?.remark === undefined ? {} : { remark: at.remark }
    return { name: sink.name, place: sink.place, lag, failures: this.#failures, ...error, ...remark }
  }

  /** The batch that is on its way is the last. */
  stop(): void {
    this.#stopped = true
  }

  /** After `stop`. */
  async close(): Promise<void> {
    await this.#deps.sink.close?.()
  }

  /** All that is there now, batch after batch. Answers with how many records were looked at and brought. */
  async round(): Promise<number> {
    const { clock } = this.#deps
    let brought = 0
    if (this.#stopped || clock.now() < this.#notBefore) return brought
    for (let held = await this.#take(); held !== undefined;) {
      const { next, planned } = held
      try {
        held = await this.#bring(held)
      } catch (error) {
        this.#fail(error)
        return brought
      }
      if (held === undefined || held.next > next) brought += planned - next
    }
    return brought
  }

  /** What is planned; of what is too large for the place the half is planned. @throws what the place says */
  async #bring(held: HeldCursor): Promise<HeldCursor | undefined> {
    const { next, planned } = held
    let remark = held.remark
    try {
      await this.#send(next, planned, this.#deps.encoding.content)
      this.#most = Math.min(this.#deps.most, this.#most * 2)
    } catch (error) {
      if (!(error instanceof BatchTooLarge)) throw error
      this.#most = Math.max(1, Math.floor((planned - next) / 2))
      if (planned - next > 1) return this.#plan(held, next, next + this.#most)
      remark = await this.#leaveOut(next, error)
    }
    this.#failed = 0
    this.#lastError = undefined
    return this.#advance({ ...held, ...(remark === undefined ? {} : { remark }) }, planned)
  }

  /** One record alone that the place refuses for its size would hold up all that follow. @returns what to say of it */
  async #leaveOut(index: number, refused: BatchTooLarge): Promise<string> {
    const { encoding, log, sink } = this.#deps
    let bare = encoding.content
    try {
      if (bare) await this.#send(index, index + 1, false)
    } catch (error) {
      if (!(error instanceof BatchTooLarge)) throw error
      bare = false
    }
    const what = bare ? 'went there without its content' : 'was left out'
    const remark = `record ${index} ${what}, as it is larger than the place takes (${refused.message})`
    log.log('error', 'export.too-large', { export: sink.name, index, reason: remark })
    return remark
  }

  /** The cursor with a batch planned, when there is one to bring and nobody else is at it. */
  async #take(): Promise<HeldCursor | undefined> {
    const { cursor, clock, holder, alone, from, records, tenant } = this.#deps
    let found = await cursor.read()
    if (found === undefined) {
      await cursor.begin(from === 'now' ? (await records.head(tenant)).size : 0)
      found = await cursor.read()
    }
    // After the cursor, which another replica may move meanwhile: it is never ahead of what is read later.
    const { size } = await records.head(tenant)
    if (found !== undefined && Math.max(found.next, found.planned ?? 0) > size) {
      found = await this.#fallBack(found, size)
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

  /** The ledger is shorter than it was: an older one was restored, with other records at indexes that the place has. */
  async #fallBack(found: Cursor, size: number): Promise<Cursor | undefined> {
    const { log, sink, cursor } = this.#deps
    const remark =
      `the place had come to record ${Math.max(found.next, found.planned ?? 0)} and the ledger now ends at ${size}, as after an older copy was restored: ` +
      `it goes on with what is recorded from now on, and what it got under indexes from ${size} on counts no more`
    log.log('error', 'export.ledger-shorter', { export: sink.name, reason: remark })
    return cursor.move(found, { next: Math.min(found.next, size), until: 0, remark })
  }

  async #advance(held: Cursor, next: number): Promise<HeldCursor | undefined> {
    const { records, tenant, cursor } = this.#deps
    const { size } = await records.head(tenant)
    if (next < size && !this.#stopped) return this.#plan(held, next, this.#endOf(next, size))
    await cursor.move(held, { next, until: 0, ...remarkOf(held) })
    return undefined
  }

  async #plan(held: Cursor, next: number, planned: number): Promise<HeldCursor | undefined> {
    const { cursor, clock, holder } = this.#deps
    const until = clock.now() + LEASE
    const moved = await cursor.move(held, { next, planned, holder, until, ...remarkOf(held) })
    return moved === undefined ? undefined : { ...moved, planned }
  }

  #endOf(next: number, size: number): number {
    return Math.min(size, next + this.#most)
  }

  async #send(first: number, end: number, content: boolean): Promise<void> {
    const { tenant, sink, records, filter, encoding, most } = this.#deps
    const find = async (id: string) => (await records.query({ tenant, id })).toReversed()
    const limit = Math.max(most, end - first)
    const found = await records.query({ tenant, after: first - 1, before: end, limit })
    if (found.length !== end - first) throw new Error(`records ${first} to ${end - 1} could not all be read`)
    const chosen = found.filter(({ envelope }) => passes(envelope, filter)).toReversed()
    const options = { ...encoding, content, tenant, find }
    const parts = await encodeRecords(chosen, options)
    if (parts.length === 0) return
    const key = `${tenant}/${sink.name}/${first}-${end}`
    const rows = chosen.map(({ index, envelope: { identity } }) =>
      identity === undefined ? { index } : { index, task: identity.task },
    )
    await sink.send({ first, end, key, tenant, rows, head: headOf(encoding.format, options), parts })
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

function remarkOf({ remark }: CursorState): { readonly remark?: string } {
  return remark === undefined ? {} : { remark }
}

import { ERASABLE_PARTS, type ErasablePart, type RecordRange } from '../core/erasure.ts'
import { IndexRuns, mergeRanges, within, without } from './index-ranges.ts'
import type { Findings } from './verify-findings.ts'

/** One erasure, as its records say: by whom, when it ended, why, and of how many records it took content. */
export interface VerifiedErasure {
  readonly order: string
  readonly by: string
  /** RFC 3339: of its newest record. */
  readonly at: string
  readonly parts: readonly ErasablePart[]
  readonly records: number
  readonly reason?: string
  /** False = it was begun, and its last record is not there. */
  readonly done: boolean
}

/** A record's body, as far as it was checked. */
export interface ErasureBody {
  readonly kind?: unknown
  readonly id?: unknown
  readonly at?: unknown
  readonly actor?: unknown
  readonly data?: unknown
}

interface Erasing {
  order: string
  by: string
  at: string
  parts: readonly ErasablePart[]
  records: number
  reason?: string
  done: boolean
}

interface Told {
  readonly parts: readonly ErasablePart[]
  readonly ranges: readonly RecordRange[]
  readonly records: number
  readonly done: boolean
}

/**
 * Which content of one tenant is gone, and which records say that it was erased. They stand behind what they erased, so
 * that only the end tells.
 */
export class ErasureChecks {
  readonly #gone = { detail: new IndexRuns(), payload: new IndexRuns() }
  readonly #there = { detail: new IndexRuns(), payload: new IndexRuns() }
  readonly #erased: { readonly [P in ErasablePart]: RecordRange[] } = { detail: [], payload: [] }
  readonly #orders = new Map<string, Erasing>()

  gone(index: number, part: ErasablePart): void {
    this.#gone[part].add(index)
  }

  there(index: number, part: ErasablePart): void {
    this.#there[part].add(index)
  }

  /** Takes in what a record says of an erasure; any other says nothing. @param detail its text. */
  record(index: number, body: ErasureBody, detail: Uint8Array | undefined): void {
    if (body.kind === 'erasure.ordered') this.#order(body).reason = commentOf(detail)
    if (body.kind !== 'ledger.erased') return
    const told = toldBy(body.data)
    if (told === undefined) return
    const order = this.#order(body)
    order.at = String(body.at)
    order.parts = told.parts
    order.records += told.records
    order.done ||= told.done
    for (const part of told.parts) {
      // Nothing is erased before it is there.
      this.#erased[part].push(...told.ranges.filter(([, last]) => last < index))
    }
  }

  get erasures(): readonly VerifiedErasure[] {
    return [...this.#orders.values()]
  }

  end(tenant: string, findings: Findings): void {
    for (const part of ERASABLE_PARTS) {
      const erased = mergeRanges(this.#erased[part])
      const complain = (ranges: Iterable<RecordRange>, what: string): void => {
        for (const [first, last] of ranges) {
          for (let index = first; index <= last; index++) {
            findings.add({ kind: 'content', tenant, index, text: `record ${index}: ${part} ${what}` })
          }
        }
      }
      complain(without(this.#gone[part].runs, erased), 'is gone, and no erasure is on record')
      complain(within(this.#there[part].runs, erased), 'is there, though an erasure of it is on record')
    }
  }

  #order({ id, actor, at }: ErasureBody): Erasing {
    const order = String(id)
    const known = this.#orders.get(order)
    if (known !== undefined) return known
    const fresh = { order, by: String(actor), at: String(at), parts: [], records: 0, done: false }
    this.#orders.set(order, fresh)
    return fresh
  }
}

function toldBy(data: unknown): Told | undefined {
  if (typeof data !== 'object' || data === null) return undefined
  const { parts, ranges, records, done } = data as { readonly [name: string]: unknown }
  if (!Array.isArray(parts) || !Array.isArray(ranges)) return undefined
  return {
    parts: ERASABLE_PARTS.filter((part) => parts.includes(part)),
    ranges: ranges.filter(isRange),
    records: typeof records === 'number' ? records : 0,
    done: done === true,
  }
}

function isRange(range: unknown): range is RecordRange {
  if (!Array.isArray(range) || range.length !== 2) return false
  const [first, last] = range as unknown[]
  return Number.isSafeInteger(first) && Number.isSafeInteger(last) && Number(first) <= Number(last)
}

function commentOf(detail: Uint8Array | undefined): string {
  try {
    const { comment } = JSON.parse(Buffer.from(detail ?? []).toString('utf8')) as { comment?: unknown }
    return typeof comment === 'string' ? comment : ''
  } catch {
    return ''
  }
}

import type { CountedPage, FoundPage, RecordSearch, RecordSearcher } from '../../audit/record-search.ts'
import type { StoredRecord } from '../../audit/record-reader.ts'
import { type LookedAt, matchesRecord } from '../../core/audit-query/matches-record.ts'
import { termsOf } from '../../core/audit-query/record-terms.ts'
import type { TenantId } from '../../core/ids.ts'
import { BLOCK, placesOf } from './bits.ts'
import type { IndexSource } from './index-source.ts'
import { planCondition } from './plan-condition.ts'
import { MOST_BLOCKS, walkIndex } from './walk-index.ts'

/** Records that are not in the index yet and are looked at for one answer. */
const MOST_LOOKED = 200_000
const PAGE = 256

/** One tenant's ledger at a store, at one moment. */
export interface SearchedLedger {
  readonly source: IndexSource
  /** Records in it. */
  readonly size: number
  /** What is looked at of those from one place until before another, in the order of their places. */
  look(from: number, until: number): Promise<readonly LookedAt[]>
  read(places: readonly number[]): Promise<readonly StoredRecord[]>
}

type Wanted = Omit<RecordSearch, 'limit'>

/** Searches by an index, and at the newest end, which the index does not have yet, by looking at each record. */
export class IndexedSearch implements RecordSearcher {
  readonly #open: (tenant: TenantId) => Promise<SearchedLedger | undefined>

  constructor(open: (tenant: TenantId) => Promise<SearchedLedger | undefined>) {
    this.#open = open
  }

  async find(search: RecordSearch): Promise<FoundPage> {
    const ledger = await this.#open(search.tenant)
    if (ledger === undefined) return { records: [] }
    const records: StoredRecord[] = []
    let last: number | undefined
    for await (const step of steps(ledger, search)) {
      const room = search.limit - records.length
      if ('places' in step) records.push(...(await ledger.read(step.places.slice(0, room))))
      else last = step.reached
      if (records.length >= search.limit) return { records, ...nextOf(records.at(-1)?.index) }
    }
    return { records, ...nextOf(last) }
  }

  async count(search: Wanted): Promise<CountedPage> {
    const ledger = await this.#open(search.tenant)
    let count = 0
    let last: number | undefined
    if (ledger !== undefined) {
      for await (const step of steps(ledger, search)) {
        if ('places' in step) count += step.places.length
        else last = step.reached
      }
    }
    return { count, ...nextOf(last) }
  }

  async values(tenant: TenantId, field: string, prefix: string, most: number): Promise<readonly string[]> {
    const ledger = await this.#open(tenant)
    if (ledger === undefined) return []
    const { source, size } = ledger
    const indexed = await source.terms(field, prefix, most)
    const newest = await ledger.look(Math.max(source.filled, size - PAGE), size)
    const values = new Set(indexed.map(({ value }) => value))
    for (const { envelope, detail } of newest) {
      for (const term of termsOf(envelope, detail))
        if (term.field === field && term.value.startsWith(prefix)) values.add(term.value)
    }
    return [...values].toSorted().slice(0, most)
  }
}

function nextOf(last: number | undefined): { readonly next?: number } {
  return last === undefined ? {} : { next: last }
}

/** Places that were found, in order; `reached` = it stops here, and there is more. */
type Step = { readonly places: readonly number[] } | { readonly reached: number }

async function* steps(ledger: SearchedLedger, search: Wanted): AsyncGenerator<Step> {
  const { order, past } = search
  const newest = order === 'newest'
  const from = newest || past === undefined ? 0 : past + 1
  const until = newest && past !== undefined ? Math.min(past, ledger.size) : ledger.size
  const parts = newest ? [lookAtTail, searchIndex] : [searchIndex, lookAtTail]
  for (const part of parts) {
    for await (const step of part(ledger, search, { from, until })) {
      yield step
      if ('reached' in step) return
    }
  }
}

interface Bounds {
  readonly from: number
  readonly until: number
}

async function* searchIndex(
  ledger: SearchedLedger,
  { where, order }: Wanted,
  bounds: Bounds,
): AsyncGenerator<Step> {
  const plan = await planCondition(ledger.source, where)
  const newest = order === 'newest'
  // The index may have grown since; what came into it meanwhile is looked at with the rest.
  const until = Math.min(bounds.until, ledger.source.filled)
  const first = newest ? until : bounds.from
  for await (const { block, bits } of walkIndex(ledger.source, { plan, order, ...bounds })) {
    if (bits !== undefined) {
      const inside = placesOf(bits)
        .map((place) => block * BLOCK + place)
        .filter((place) => place >= bounds.from && place < until)
      yield { places: newest ? inside.toReversed() : inside }
    } else if (Math.abs(first / BLOCK - block) > MOST_BLOCKS) {
      const reached = newest ? block * BLOCK : (block + 1) * BLOCK - 1
      if (newest ? reached > bounds.from : reached < ledger.source.filled) yield { reached }
    }
  }
}

async function* lookAtTail(
  ledger: SearchedLedger,
  { where, order }: Wanted,
  bounds: Bounds,
): AsyncGenerator<Step> {
  const from = Math.max(bounds.from, ledger.source.filled)
  const { until } = bounds
  const newest = order === 'newest'
  for (let looked = 0; looked < until - from; looked += PAGE) {
    if (looked >= MOST_LOOKED) {
      yield { reached: newest ? until - looked : from + looked - 1 }
      return
    }
    const page = newest
      ? (await ledger.look(Math.max(from, until - looked - PAGE), until - looked)).toReversed()
      : await ledger.look(from + looked, Math.min(until, from + looked + PAGE))
    const places = page.filter((record) => matchesRecord(where, record)).map(({ index }) => index)
    if (places.length > 0) yield { places }
    await new Promise(setImmediate)
  }
}

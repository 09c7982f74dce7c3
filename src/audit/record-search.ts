import type { Condition } from '../core/audit-query/condition.ts'
import type { TenantId } from '../core/ids.ts'
import type { StoredRecord } from './record-reader.ts'

export interface RecordSearch {
  readonly tenant: TenantId
  readonly where: Condition
  /** In the order in which they became durable: `newest` first, or `oldest`. */
  readonly order: 'newest' | 'oldest'
  /** Only records after this index in that order. */
  readonly past?: number
  /** At most 10,000. */
  readonly limit: number
}

/** `next`: where to go on with `past`; absent = there is nothing more. */
export interface FoundPage {
  readonly records: readonly StoredRecord[]
  readonly next?: number
}

/** `next` as of a page: what was counted is then what was looked at so far. */
export interface CountedPage {
  readonly count: number
  readonly next?: number
}

/**
 * Finds records by the store’s index, never by reading all of them: only those that are not in the index yet are looked at
 * one by one.
 */
export interface RecordSearcher {
  /** @throws RemitError `input_invalid` for a pattern that fits too many values. */
  find(search: RecordSearch): Promise<FoundPage>
  count(search: Omit<RecordSearch, 'limit'>): Promise<CountedPage>
  /** Values that records have in a field and that begin with these letters, at most so many, in order. */
  values(tenant: TenantId, field: string, prefix: string, most: number): Promise<readonly string[]>
}

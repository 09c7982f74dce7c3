import type { StoredRecord } from '../../audit/record-reader.ts'
import type { RecordSearcher } from '../../audit/record-search.ts'
import type { TenantId } from '../../core/ids.ts'
import { IndexedSearch } from '../search/indexed-search.ts'
import type { IndexSource } from '../search/index-source.ts'

/** Nothing is in an index: each record is looked at. */
const NO_INDEX: IndexSource = {
  filled: 0,
  term: async () => undefined,
  terms: async () => [],
  thing: async () => [],
  blocks: async () => [],
  postings: async () => new Map(),
  times: async () => new Uint8Array(),
}

export function searchMemory(recordsOf: (tenant: TenantId) => readonly StoredRecord[]): RecordSearcher {
  return new IndexedSearch(async (tenant) => {
    const records = recordsOf(tenant)
    return {
      source: NO_INDEX,
      size: records.length,
      look: async (from, until) => records.slice(from, until),
      read: async (places) => places.flatMap((place) => records[place] ?? []),
    }
  })
}

import type { RecordSearcher } from '../../src/audit/record-search.ts'

/** A ledger in the real tables, which grows: rows first, then their index. */
export interface SearchedStore {
  readonly name: string
  readonly records: RecordSearcher
  /** Rows `from` to `until`, without hashes: what is measured reads none. */
  fill(from: number, until: number): Promise<void>
  /** Brings the index up to the rows. */
  index(): Promise<void>
  /** Bytes of tables of the index, and of records with what lies beside them. */
  bytes(): Promise<{ readonly index: number; readonly ledger: number }>
  close(): Promise<void>
}

import type { Bits } from './bits.ts'

export interface BlockSpan {
  readonly block: number
  readonly count: number
  /** Earliest and latest time of its records, milliseconds since the epoch. */
  readonly low: number
  readonly high: number
}

/** One tenant's index as a store has it, at one moment. Every read is by a key. */
export interface IndexSource {
  /** Records that are in the index: those with a smaller place in the ledger. */
  readonly filled: number
  term(field: string, value: string): Promise<number | undefined>
  /** Terms whose value begins so, in the order of their values, at most `most`. */
  terms(
    field: string,
    prefix: string,
    most: number,
  ): Promise<readonly { readonly id: number; readonly value: string }[]>
  /** Places of records about this thing, at most 10,000, newest first. */
  thing(id: string): Promise<readonly number[]>
  /** All blocks from one to another, in their order. */
  blocks(from: number, to: number): Promise<readonly BlockSpan[]>
  /** By term and block. */
  postings(
    terms: readonly number[],
    from: number,
    to: number,
  ): Promise<ReadonlyMap<number, ReadonlyMap<number, Bits>>>
  times(block: number): Promise<Uint8Array>
}

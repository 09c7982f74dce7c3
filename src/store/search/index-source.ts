import type { Bits } from './bits.ts'

export interface BlockSpan {
  readonly block: number
  readonly count: number
  /** Earliest and latest time of its records, milliseconds since the epoch. */
  readonly low: number
  readonly high: number
}

/** By block and term. */
export type Postings = ReadonlyMap<number, ReadonlyMap<number, Bits>>

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
  postings(terms: readonly number[], from: number, to: number): Promise<Postings>
  times(block: number): Promise<Uint8Array>
}

/** @param found by block and term. */
export function keepPosting(
  found: Map<number, Map<number, Bits>>,
  { term, block }: { readonly term: number; readonly block: number },
  bits: Bits,
): void {
  const terms = found.get(block)
  if (terms === undefined) found.set(block, new Map([[term, bits]]))
  else terms.set(term, bits)
}

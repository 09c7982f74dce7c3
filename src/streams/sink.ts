import type { EncodedBatch } from '../audit/export/record-encoder.ts'

/** Records `first` up to before `end`, as their format writes them. */
export interface SinkBatch {
  readonly first: number
  readonly end: number
  /** The same for the same records whenever they are sent: whoever gets them twice can tell. */
  readonly key: string
  readonly tenant: string
  /** What the lines of all formats but OTLP are about, in their order. */
  readonly rows: readonly { readonly index: number; readonly task?: string }[]
  /** What stands at the head of a file; empty = nothing. */
  readonly head: string
  readonly parts: readonly EncodedBatch[]
}

/** A place that follows the ledger. */
export interface Sink {
  readonly name: string
  /** Where it is, without a secret. */
  readonly place: string
  /** Resolves when the place has it for good; rejects = nobody knows, so it is sent again. */
  send(batch: SinkBatch): Promise<void>
  /** Lets go of what it holds open. */
  close?(): Promise<void>
}

/** The place says that a batch is larger than it takes: sent again as it is it would be refused for ever. */
export class BatchTooLarge extends Error {}

/** What an SQL cursor, a file or an array can be. */
export type Rows<T> = Iterable<T> | AsyncIterable<T>

/** Content beside a record, as stored; either half may have been lost. */
export interface SealedBytes {
  readonly text?: Uint8Array
  readonly salt?: Uint8Array
}

/** One place in the ledger, as stored. `body` and `leaf` are absent when there is only content left. */
export interface LedgerRow {
  readonly index: number
  readonly leaf?: Uint8Array
  readonly body?: Uint8Array
  readonly detail?: SealedBytes
  readonly payload?: SealedBytes
}

/** A record that may be a decision. `detail` absent = erased. */
export interface DecisionRow {
  readonly index: number
  readonly body: string
  readonly detail?: string
}

export interface CheckpointRow {
  /** Size under which it is filed; the note must say the same. */
  readonly size: number
  readonly note: string
}

interface TileKey {
  readonly level: number
  readonly index: number
}

/** Full tiles, where a form of the ledger keeps them. */
export interface TileRows {
  /** `undefined` = not there. */
  get(key: TileKey): Uint8Array | undefined | Promise<Uint8Array | undefined>
  keys(): Rows<TileKey>
}

/** A ledger at rest, in whatever form: read to be verified or exported, never on the way of a call. */
export interface LedgerSource {
  /** May be asked before anything else without fixing the moment that the rest is seen at. */
  tenants(): Rows<string>
  /** By index, from one on; default all. */
  records(tenant: string, from?: number): Rows<LedgerRow>
  /** Records that may be changes of key (`ledger.key`), by index: found without reading all others. */
  keyChanges?(tenant: string): Rows<{ readonly index: number; readonly body: Uint8Array }>
  /**
   * Records that may be decisions, by index, with what explains them and nothing else. Those of long before `since`
   * (milliseconds since the epoch) are left out. Absent = read them all.
   */
  decisions?(tenant: string, since: number): Rows<DecisionRow>
  /** By size. */
  checkpoints(tenant: string): Rows<CheckpointRow>
  /** Absent = this form keeps none. */
  tiles?(tenant: string): TileRows
  /** What is there but belongs to no tenant, or is damaged below the level of rows: one sentence each. */
  damage(): Rows<string>
  close(): void
}

export interface RecordRow {
  readonly index: number
  readonly leaf: Uint8Array
  readonly body: string
}

/** What of a tenant's ledger its tree is rebuilt from. */
export interface TreeRows {
  /** One more than the largest index. */
  size(): number
  record(index: number): RecordRow | undefined
  tile(level: number, index: number): Uint8Array | undefined
  /** The root of a tile as it was stored with it; undefined = an earlier release stored the tile. */
  tileRoot(level: number, index: number): Uint8Array | undefined
  /** The newest one. */
  checkpoint(): string | undefined
}

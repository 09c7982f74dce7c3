import type { Tile } from '../../audit/tiles.ts'
import type { LedgerSink, SaltedText } from '../tenant-ledger.ts'
import type { RecordRow, TreeRows } from '../tree-rows.ts'

/** Rows that a batch adds to a tenant's ledger, to be sent in few statements. */
export interface NewRows {
  readonly records: readonly RecordRow[]
  readonly contents: readonly {
    readonly index: number
    readonly detail: SaltedText | undefined
    readonly payload: SaltedText | undefined
  }[]
  readonly tiles: readonly Tile[]
  readonly checkpoints: readonly { readonly size: number; readonly note: string }[]
}

/** `root` is null where an earlier release stored the tile. */
export interface ReadTile {
  readonly hashes: Uint8Array
  readonly root: Uint8Array | null
}

/** What was read of a tenant's ledger to restore its tree. */
export interface ReadRows {
  readonly size: number
  readonly records: ReadonlyMap<number, RecordRow>
  /** By `level/index`. */
  readonly tiles: ReadonlyMap<string, ReadTile>
  readonly checkpoint: string | undefined
}

/** Answers from what was read beforehand and keeps what is added, since a tree cannot wait for a network. */
export class BufferedRows implements TreeRows, LedgerSink {
  readonly #read: ReadRows
  #records: RecordRow[] = []
  #contents: NewRows['contents'][number][] = []
  #tiles: Tile[] = []
  #checkpoints: NewRows['checkpoints'][number][] = []

  constructor(read: ReadRows) {
    this.#read = read
  }

  size(): number {
    return this.#read.size
  }

  record(index: number): RecordRow | undefined {
    return this.#read.records.get(index)
  }

  tile(level: number, index: number): Uint8Array | undefined {
    return this.#read.tiles.get(tileKey(level, index))?.hashes
  }

  tileRoot(level: number, index: number): Uint8Array | undefined {
    return this.#read.tiles.get(tileKey(level, index))?.root ?? undefined
  }

  checkpoint(): string | undefined {
    return this.#read.checkpoint
  }

  insertRecord(index: number, leaf: Uint8Array, body: string): void {
    this.#records.push({ index, leaf, body })
  }

  insertContent(index: number, detail: SaltedText | undefined, payload: SaltedText | undefined): void {
    this.#contents.push({ index, detail, payload })
  }

  insertTile(tile: Tile): void {
    this.#tiles.push(tile)
  }

  insertCheckpoint(size: number, note: string): void {
    this.#checkpoints.push({ size, note })
  }

  /** What was added since the last time. */
  take(): NewRows {
    const taken = {
      records: this.#records,
      contents: this.#contents,
      tiles: this.#tiles,
      checkpoints: this.#checkpoints,
    }
    this.#records = []
    this.#contents = []
    this.#tiles = []
    this.#checkpoints = []
    return taken
  }
}

export function tileKey(level: number, index: number): string {
  return `${String(level)}/${String(index)}`
}

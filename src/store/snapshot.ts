/** One value of a row as a backup holds it: what JSON has no word for is marked. */
export type StoredValue =
  | string
  | number
  | boolean
  | null
  | readonly string[]
  /** Bytes, in base64. */
  | { readonly b: string }

export type StoredRow = readonly StoredValue[]

export interface SnapshotTable {
  readonly table: string
  readonly columns: readonly string[]
}

/** Rows of one table, some at a time, in the order of its columns. */
export interface SnapshotRows extends SnapshotTable {
  readonly rows: readonly StoredRow[]
}

/** Everything that a store holds, as it was at one moment, whether or not gateways go on writing to it. */
export interface StoreSnapshot {
  /** Steps of the store's migrations that these tables are the result of. */
  readonly version: number
  /** Every table, also those without a row. */
  rows(): AsyncIterable<SnapshotRows> | Iterable<SnapshotRows>
  close(): void | Promise<void>
}

/** Rows put together until about this many characters. */
const GROUP = 262_144

/** Puts rows together, so that neither each is a line of its own nor a line has no end. */
export class RowGroup {
  #rows: StoredRow[] = []
  #size = 0

  /** @returns true = it is full. */
  add(row: StoredRow): boolean {
    this.#rows.push(row)
    for (const value of row) this.#size += sizeOf(value)
    return this.#size >= GROUP
  }

  take(): readonly StoredRow[] {
    const rows = this.#rows
    this.#rows = []
    this.#size = 0
    return rows
  }
}

function sizeOf(value: StoredValue): number {
  if (typeof value === 'string') return value.length
  if (typeof value === 'object' && value !== null && 'b' in value) return value.b.length
  return 8
}

export function storedValue(value: unknown): StoredValue {
  if (value instanceof Uint8Array) return { b: Buffer.from(value).toString('base64') }
  if (value === undefined || value === null) return null
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  if (Array.isArray(value) && value.every((each) => typeof each === 'string')) return value
  throw new TypeError(`a backup has no word for a value of type ${typeof value}`)
}

/** By hand: a backup has millions of them. */
export function areRows(rows: unknown): rows is readonly StoredRow[] {
  return Array.isArray(rows) && rows.every((row) => Array.isArray(row) && row.every(isStoredValue))
}

function isStoredValue(value: unknown): value is StoredValue {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return true
  if (typeof value !== 'object' || value === null) return value === null
  if (Array.isArray(value)) return value.every((each) => typeof each === 'string')
  return 'b' in value && typeof value.b === 'string'
}

export function loadedValue(
  value: StoredValue,
): string | number | boolean | null | Uint8Array | readonly string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value as string
  return Buffer.from((value as { readonly b: string }).b, 'base64')
}

/** Names come from a file that somebody may have changed, and go into SQL. */
export function isSqlName(name: string): boolean {
  return /^[A-Za-z][A-Za-z0-9_]{0,62}$/.test(name)
}

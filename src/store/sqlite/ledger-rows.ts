import type { DatabaseSync, StatementSync } from 'node:sqlite'

import type { Tile } from '../../audit/tiles.ts'
import type { LedgerSink, SaltedText } from '../tenant-ledger.ts'
import type { RecordRow, TreeRows } from '../tree-rows.ts'
import { recordId, recordIndex, recordRange } from './schema.ts'

/** The ledger's rows of one tenant, as the writer needs them. */
export class LedgerRows implements TreeRows, LedgerSink {
  readonly #tenant: number
  readonly #statements: LedgerStatements

  constructor(statements: LedgerStatements, tenant: number) {
    this.#tenant = tenant
    this.#statements = statements
  }

  /** One more than the largest index. */
  size(): number {
    const last = this.#statements.last.get(...recordRange(this.#tenant))?.['id']
    return typeof last === 'number' ? recordIndex(last) + 1 : 0
  }

  record(index: number): RecordRow | undefined {
    const row = this.#statements.record.get(recordId(this.#tenant, index))
    if (row === undefined) return undefined
    return { index, leaf: row['leaf'] as Uint8Array, body: String(row['body']) }
  }

  tile(level: number, index: number): Uint8Array | undefined {
    return this.#statements.tile.get(this.#tenant, level, index)?.['hashes'] as Uint8Array | undefined
  }

  tileRoot(level: number, index: number): Uint8Array | undefined {
    const root = this.#statements.tileRoot.get(this.#tenant, level, index)?.['root']
    return root instanceof Uint8Array ? root : undefined
  }

  checkpoint(): string | undefined {
    return this.#statements.checkpoint.get(this.#tenant)?.['note'] as string | undefined
  }

  insertRecord(index: number, leaf: Uint8Array, body: string): void {
    this.#statements.insertRecord.run(recordId(this.#tenant, index), leaf, body)
  }

  insertContent(index: number, detail: SaltedText | undefined, payload: SaltedText | undefined): void {
    this.#statements.insertContent.run(
      recordId(this.#tenant, index),
      detail?.text ?? null,
      detail?.salt ?? null,
      payload?.text ?? null,
      payload?.salt ?? null,
    )
  }

  insertTile(tile: Tile): void {
    this.#statements.insertTile.run(this.#tenant, tile.level, tile.index, tile.hashes, tile.root)
  }

  insertCheckpoint(size: number, note: string): void {
    this.#statements.insertCheckpoint.run(this.#tenant, size, note)
  }
}

type Name =
  | 'last'
  | 'record'
  | 'tile'
  | 'tileRoot'
  | 'checkpoint'
  | 'insertRecord'
  | 'insertContent'
  | 'insertTile'
  | 'insertCheckpoint'
export type LedgerStatements = { readonly [N in Name]: StatementSync }

export function prepareLedger(db: DatabaseSync): LedgerStatements {
  return {
    last: db.prepare('SELECT max(id) AS id FROM record WHERE id BETWEEN ? AND ?'),
    record: db.prepare('SELECT leaf, body FROM record WHERE id = ?'),
    tile: db.prepare('SELECT hashes FROM tile WHERE tenant = ? AND level = ? AND number = ?'),
    tileRoot: db.prepare('SELECT root FROM tile WHERE tenant = ? AND level = ? AND number = ?'),
    checkpoint: db.prepare('SELECT note FROM checkpoint WHERE tenant = ? ORDER BY size DESC LIMIT 1'),
    insertRecord: db.prepare('INSERT INTO record (id, leaf, body) VALUES (?, ?, ?)'),
    insertContent: db.prepare(
      'INSERT INTO content (id, detail, detail_salt, payload, payload_salt) VALUES (?, ?, ?, ?, ?)',
    ),
    insertTile: db.prepare('INSERT INTO tile (tenant, level, number, hashes, root) VALUES (?, ?, ?, ?, ?)'),
    insertCheckpoint: db.prepare('INSERT OR REPLACE INTO checkpoint (tenant, size, note) VALUES (?, ?, ?)'),
  }
}

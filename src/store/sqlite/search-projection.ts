import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { BLOCK, addAll, packBits, unpackBits } from '../search/bits.ts'
import { packTimes } from '../search/block-times.ts'
import { type BlockTimes, type IndexBatch, indexBatch, type TermBits } from '../search/index-batch.ts'
import { recordId, recordIndex, recordRange } from './schema.ts'
import { SEARCH_READS } from './search-statements.ts'

/** Fills the index of records behind the log, in bulk, when nothing waits to be written. */
export class SearchProjection {
  readonly #db: DatabaseSync
  readonly #statements: ReturnType<typeof prepareProjection>

  constructor(db: DatabaseSync) {
    this.#db = db
    this.#statements = prepareProjection(db)
  }

  /** Records that are not in the index yet, over all tenants. */
  lag(): number {
    return this.#gaps().reduce((sum, gap) => sum + gap.size - gap.filled, 0)
  }

  /** Adds at most `limit` records of one tenant, in one transaction. */
  advance(limit: number): void {
    const gap = this.#gaps().find(({ filled, size }) => size > filled)
    if (gap === undefined) return
    const rows = this.#statements.rows
      .all(
        recordId(gap.tenant, gap.filled),
        recordId(gap.tenant, gap.filled + limit),
        recordRange(gap.tenant)[1],
      )
      .map((row) => ({
        index: recordIndex(Number(row['id'])),
        body: String(row['body']),
        detail: typeof row['detail'] === 'string' ? row['detail'] : null,
      }))
    const batch = indexBatch(rows)
    this.#db.exec('BEGIN IMMEDIATE')
    try {
      this.#write(gap.tenant, batch)
      this.#db.exec('COMMIT')
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK')
      throw error
    }
  }

  #write(tenant: number, { terms, things, blocks }: IndexBatch): void {
    const { thing, posting, putPosting, erasable } = this.#statements
    for (const term of terms) {
      const id = this.#termId(tenant, term)
      const before = posting.get(id, term.block)?.['bits']
      if (before instanceof Uint8Array) addAll(term.bits, unpackBits(before))
      putPosting.run(id, term.block, packBits(term.bits))
      if (term.erasable) erasable.run(tenant, term.block, id)
    }
    for (const { id, index } of things) thing.run(id, recordId(tenant, index))
    for (const block of blocks) this.#writeBlock(tenant, block)
  }

  #writeBlock(tenant: number, { block, times }: BlockTimes): void {
    const before = this.#statements.block.get(tenant, block)
    const kept = before?.['times'] instanceof Uint8Array ? before['times'] : undefined
    const low = Math.min(...times, ...(before === undefined ? [] : [Number(before['low'])]))
    const high = Math.max(...times, ...(before === undefined ? [] : [Number(before['high'])]))
    const packed = packTimes(kept, times)
    this.#statements.putBlock.run(tenant, block, packed.length / 8, low, high, packed)
  }

  #termId(tenant: number, { field, value }: TermBits): number {
    const { term, lastTerm, putTerm } = this.#statements
    const known = term.get(tenant, field, value)?.['id']
    if (known !== undefined) return Number(known)
    const id = Number(lastTerm.get()?.['id'] ?? 0) + 1
    putTerm.run(tenant, field, value, id)
    return id
  }

  #gaps(): { readonly tenant: number; readonly filled: number; readonly size: number }[] {
    return this.#statements.tenants.all().map((row) => {
      const tenant = Number(row['number'])
      const block = this.#statements.filled.get(tenant)
      const last = this.#statements.last.get(...recordRange(tenant))?.['id']
      return {
        tenant,
        filled: block === undefined ? 0 : Number(block['block']) * BLOCK + Number(block['count']),
        size: typeof last === 'number' ? recordIndex(last) + 1 : 0,
      }
    })
  }
}

function prepareProjection(
  db: DatabaseSync,
): Record<
  | 'tenants'
  | 'filled'
  | 'last'
  | 'rows'
  | 'term'
  | 'lastTerm'
  | 'putTerm'
  | 'posting'
  | 'putPosting'
  | 'erasable'
  | 'thing'
  | 'block'
  | 'putBlock',
  StatementSync
> {
  return {
    tenants: db.prepare('SELECT number FROM tenant'),
    filled: db.prepare(SEARCH_READS.filled),
    last: db.prepare('SELECT max(id) AS id FROM record WHERE id BETWEEN ? AND ?'),
    rows: db.prepare(
      `SELECT record.id, body, detail FROM record LEFT JOIN content ON content.id = record.id
       WHERE record.id >= ? AND record.id < ? AND record.id <= ? ORDER BY record.id`,
    ),
    term: db.prepare(SEARCH_READS.term),
    lastTerm: db.prepare('SELECT max(id) AS id FROM search_term'),
    putTerm: db.prepare('INSERT INTO search_term (tenant, field, value, id) VALUES (?, ?, ?, ?)'),
    posting: db.prepare('SELECT bits FROM search_posting WHERE term = ? AND block = ?'),
    putPosting: db.prepare('INSERT OR REPLACE INTO search_posting (term, block, bits) VALUES (?, ?, ?)'),
    erasable: db.prepare('INSERT OR IGNORE INTO search_erasable (tenant, block, term) VALUES (?, ?, ?)'),
    thing: db.prepare('INSERT OR IGNORE INTO search_thing (thing, id) VALUES (?, ?)'),
    block: db.prepare('SELECT low, high, times FROM search_block WHERE tenant = ? AND block = ?'),
    putBlock: db.prepare(
      'INSERT OR REPLACE INTO search_block (tenant, block, count, low, high, times) VALUES (?, ?, ?, ?, ?, ?)',
    ),
  }
}

import type { DatabaseSync } from 'node:sqlite'
import { bitsBetween, BLOCK, isEmpty, packBits, removeAll, unpackBits } from '../search/bits.ts'

/**
 * Takes out of the index what stood in details of these records: to be called in the transaction that erases them.
 * @param range from this place in the tenant's ledger until before that one.
 */
export function forgetSearch(
  db: DatabaseSync,
  tenantNumber: number,
  range: { readonly from: number; readonly until: number },
): void {
  const terms = db.prepare('SELECT term FROM search_erasable WHERE tenant = ? AND block = ?')
  const read = db.prepare('SELECT bits FROM search_posting WHERE term = ? AND block = ?')
  const write = db.prepare('UPDATE search_posting SET bits = ? WHERE term = ? AND block = ?')
  const remove = db.prepare('DELETE FROM search_posting WHERE term = ? AND block = ?')
  const unlist = db.prepare('DELETE FROM search_erasable WHERE tenant = ? AND block = ? AND term = ?')
  const unused = db.prepare(
    'DELETE FROM search_term WHERE id = ? AND NOT EXISTS (SELECT 1 FROM search_posting WHERE term = search_term.id)',
  )
  const blocks = db
    .prepare('SELECT DISTINCT block FROM search_erasable WHERE tenant = ? AND block BETWEEN ? AND ?')
    .all(tenantNumber, Math.floor(range.from / BLOCK), Math.floor((range.until - 1) / BLOCK))
  for (const block of blocks.map((row) => Number(row['block']))) {
    const gone = bitsBetween(range.from - block * BLOCK, range.until - block * BLOCK)
    for (const row of terms.all(tenantNumber, block)) {
      const term = Number(row['term'])
      const before = read.get(term, block)?.['bits']
      const bits = before instanceof Uint8Array ? unpackBits(before) : bitsBetween(0, 0)
      removeAll(bits, gone)
      if (!isEmpty(bits)) {
        write.run(packBits(bits), term, block)
        continue
      }
      remove.run(term, block)
      unlist.run(tenantNumber, block, term)
      unused.run(term)
    }
  }
}

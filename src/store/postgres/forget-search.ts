import type { ClientBase } from 'pg'
import { FILL_LOCK } from './fill-lock.ts'
import type { ErasureChange } from '../../core/erasure.ts'
import { bitsBetween, BLOCK, isEmpty, packBits, removeAll, unpackBits } from '../search/bits.ts'

interface Row {
  readonly term: number
  readonly block: number
  readonly bits: Buffer | null
}

/**
 * Takes out of the index what stood in details of these records: to be called in the transaction that erases them.
 * @param range from this place in the tenant's ledger until before that one.
 */
export async function forgetSearch(
  client: ClientBase,
  tenantNumber: number,
  range: { readonly from: number; readonly until: number },
): Promise<void> {
  // Whoever fills the index now has perhaps read what is erased, and writes it before this goes on.
  await client.query('SELECT pg_advisory_xact_lock($1)', [FILL_LOCK])
  const blocks = [Math.floor(range.from / BLOCK), Math.floor((range.until - 1) / BLOCK)]
  const { rows } = await client.query<Row>(
    `SELECT search_erasable.term, search_erasable.block, bits FROM search_erasable
     LEFT JOIN search_posting USING (term, block)
     WHERE tenant = $1 AND search_erasable.block BETWEEN $2 AND $3`,
    [tenantNumber, ...blocks],
  )
  for (const { term, block, bits: packed } of rows) {
    const bits = packed === null ? bitsBetween(0, 0) : unpackBits(packed)
    removeAll(bits, bitsBetween(range.from - block * BLOCK, range.until - block * BLOCK))
    if (!isEmpty(bits)) {
      await client.query('UPDATE search_posting SET bits = $3 WHERE term = $1 AND block = $2', [
        term,
        block,
        Buffer.from(packBits(bits)),
      ])
      continue
    }
    await client.query('DELETE FROM search_posting WHERE term = $1 AND block = $2', [term, block])
    await client.query('DELETE FROM search_erasable WHERE tenant = $1 AND block = $2 AND term = $3', [
      tenantNumber,
      block,
      term,
    ])
    await client.query(
      'DELETE FROM search_term WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM search_posting WHERE term = $1)',
      [term],
    )
  }
}

/** @param erased an erasure that was applied within the transaction that is open. */
export async function forgetErased(
  client: ClientBase,
  { tenant, ranges, parts }: Extract<ErasureChange, { kind: 'content-erased' }>,
): Promise<void> {
  if (!parts.includes('detail')) return
  const { rows } = await client.query<{ number: number }>('SELECT number FROM tenant WHERE id = $1', [tenant])
  const [row] = rows
  if (row === undefined) return
  for (const [first, last] of ranges) await forgetSearch(client, row.number, { from: first, until: last + 1 })
}

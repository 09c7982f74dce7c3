import type { PoolClient } from 'pg'
import { addAll, packBits, unpackBits } from '../search/bits.ts'
import { packTimes } from '../search/block-times.ts'
import type { BlockTimes, IndexBatch, TermBits } from '../search/index-batch.ts'

/** Adds a batch to the index, within the caller’s transaction, a statement a table. */
export async function writeIndex(client: PoolClient, tenant: number, batch: IndexBatch): Promise<void> {
  const ids = await termIds(client, tenant, batch.terms)
  const rows = batch.terms.map((term) => ({ ...term, id: ids.get(keyOf(term)) ?? 0 }))
  const places = [rows.map(({ id }) => id), rows.map(({ block }) => block)]
  const { rows: before } = await client.query<{ term: number; block: number; bits: Buffer }>(
    `SELECT search_posting.* FROM search_posting JOIN unnest($1::bigint[], $2::integer[]) AS asked (term, block)
     USING (term, block)`,
    places,
  )
  const known = new Map(before.map((row) => [`${row.term} ${row.block}`, row.bits]))
  for (const { id, block, bits } of rows) {
    const kept = known.get(`${id} ${block}`)
    if (kept !== undefined) addAll(bits, unpackBits(kept))
  }
  await client.query(
    `INSERT INTO search_posting (term, block, bits) SELECT * FROM unnest($1::bigint[], $2::integer[], $3::bytea[])
     ON CONFLICT (term, block) DO UPDATE SET bits = excluded.bits`,
    [...places, rows.map(({ bits }) => Buffer.from(packBits(bits)))],
  )
  const erasable = rows.filter((row) => row.erasable)
  await client.query(
    `INSERT INTO search_erasable (tenant, block, term) SELECT $1, * FROM unnest($2::integer[], $3::bigint[])
     ON CONFLICT DO NOTHING`,
    [tenant, erasable.map(({ block }) => block), erasable.map(({ id }) => id)],
  )
  for (const block of batch.blocks) await writeBlock(client, tenant, block)
}

async function termIds(
  client: PoolClient,
  tenant: number,
  terms: readonly TermBits[],
): Promise<ReadonlyMap<string, number>> {
  const asked = [...new Map(terms.map((term) => [keyOf(term), term])).values()]
  const values = [tenant, asked.map(({ field }) => field), asked.map(({ value }) => value)]
  const read = `SELECT id, search_term.field, search_term.value FROM search_term
    JOIN unnest($2::text[], $3::text[]) AS asked (field, value)
    ON search_term.field = asked.field AND search_term.value = asked.value WHERE tenant = $1`
  await client.query(
    `INSERT INTO search_term (tenant, field, value)
     SELECT $1, field, value FROM unnest($2::text[], $3::text[]) AS asked (field, value)
     WHERE NOT EXISTS (SELECT 1 FROM search_term AS known
       WHERE known.tenant = $1 AND known.field = asked.field AND known.value = asked.value)`,
    values,
  )
  const { rows } = await client.query<{ id: number; field: string; value: string }>(read, values)
  return new Map(rows.map((row) => [keyOf(row), row.id]))
}

async function writeBlock(client: PoolClient, tenant: number, { block, times }: BlockTimes): Promise<void> {
  const { rows } = await client.query<{ times: Buffer }>(
    'SELECT times FROM search_block WHERE tenant = $1 AND block = $2',
    [tenant, block],
  )
  const packed = packTimes(rows[0]?.times, times)
  await client.query(
    `INSERT INTO search_block (tenant, block, count, low, high, times) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (tenant, block) DO UPDATE SET count = $3, times = $6,
       low = least(search_block.low, excluded.low), high = greatest(search_block.high, excluded.high)`,
    [tenant, block, packed.length / 8, Math.min(...times), Math.max(...times), Buffer.from(packed)],
  )
}

function keyOf({ field, value }: { readonly field: string; readonly value: string }): string {
  return `${field} ${value}`
}

import type { Pool } from 'pg'
import { type Bits, unpackBits } from '../search/bits.ts'
import { type BlockSpan, type IndexSource, keepPosting } from '../search/index-source.ts'

const LAST = '\u{10ffff}'

interface Posting {
  readonly term: number
  readonly block: number
  readonly bits: Buffer
}

/** @param tenant the number that the tenant has in this database. @param filled records that are in the index. */
export function postgresSource(pool: Pool, tenant: number, filled: number): IndexSource {
  return {
    filled,
    term: async (field, value) => {
      const { rows } = await pool.query<{ id: number }>(
        'SELECT id FROM search_term WHERE tenant = $1 AND field = $2 AND value = $3',
        [tenant, field, value],
      )
      return rows[0]?.id
    },
    terms: async (field, prefix, most) => {
      const { rows } = await pool.query<{ id: number; value: string }>(
        `SELECT id, value FROM search_term WHERE tenant = $1 AND field = $2 AND value >= $3 AND value < $4
         ORDER BY value LIMIT $5`,
        [tenant, field, prefix, prefix + LAST, most],
      )
      return rows
    },
    thing: async (id) => {
      const { rows } = await pool.query<{ index: number }>(
        'SELECT index FROM record WHERE tenant = $1 AND thing = $2 ORDER BY index DESC LIMIT 10000',
        [tenant, id],
      )
      return rows.map(({ index }) => index)
    },
    blocks: async (from, to) => {
      const { rows } = await pool.query<BlockSpan>(
        `SELECT block, count, low, high FROM search_block
         WHERE tenant = $1 AND block BETWEEN $2 AND $3 ORDER BY block`,
        [tenant, from, to],
      )
      return rows
    },
    postings: async (terms, from, to) => {
      const { rows } = await pool.query<Posting>(
        'SELECT term, block, bits FROM search_posting WHERE term = ANY($1::bigint[]) AND block BETWEEN $2 AND $3',
        [terms, from, to],
      )
      const found = new Map<number, Map<number, Bits>>()
      for (const { term, block, bits } of rows) keepPosting(found, { term, block }, unpackBits(bits))
      return found
    },
    times: async (block) => {
      const { rows } = await pool.query<{ times: Buffer }>(
        'SELECT times FROM search_block WHERE tenant = $1 AND block = $2',
        [tenant, block],
      )
      return rows[0]?.times ?? new Uint8Array()
    },
  }
}

import { setTimeout as sleep } from 'node:timers/promises'
import { DEFAULT_TENANT } from '../../src/core/ids.ts'
import { SILENT } from '../../src/core/log.ts'
import { connectPostgres } from '../../src/store/postgres/connect.ts'
import { PostgresRecords } from '../../src/store/postgres/postgres-records.ts'
import { migrate } from '../../src/store/postgres/schema.ts'
import { SearchFiller } from '../../src/store/postgres/search-filler.ts'
import { startPostgres } from '../../test/support/postgres.ts'
import { sampleRow } from './sample-rows.ts'
import type { SearchedStore } from './searched-store.ts'

/** Rows of one statement. */
const ROWS = 1_000

export async function searchedPostgres(): Promise<SearchedStore> {
  const server = await startPostgres()
  const pool = connectPostgres({ url: await server.createDatabase(), log: SILENT })
  await migrate(pool)
  const { rows } = await pool.query<{ number: number }>(
    'INSERT INTO tenant (id) VALUES ($1) ON CONFLICT (id) DO UPDATE SET id = excluded.id RETURNING number',
    [DEFAULT_TENANT],
  )
  const tenant = rows[0]?.number
  const size = async (like: string): Promise<number> => {
    const text = `SELECT coalesce(sum(pg_total_relation_size(oid)), 0) AS n FROM pg_class
      WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname LIKE $1`
    return Number((await pool.query<{ n: string }>(text, [like])).rows[0]?.n)
  }
  return {
    name: 'PostgreSQL',
    records: new PostgresRecords(pool),
    async fill(from, until) {
      for (let at = from; at < until; at += ROWS) {
        const some = Array.from({ length: Math.min(ROWS, until - at) }, (_, n) => sampleRow(at + n))
        const json = JSON.stringify(some)
        await pool.query(
          `INSERT INTO record (tenant, index, leaf, body, kind, thing, task, human)
           SELECT $1, index, decode(repeat('00', 32), 'hex'), body, kind, thing, task, human
           FROM json_to_recordset($2) AS each(index bigint, body text, kind text, thing text, task text, human text)`,
          [tenant, json],
        )
        await pool.query(
          `INSERT INTO content (tenant, index, detail, detail_salt)
           SELECT $1, index, detail, decode(repeat('00', 16), 'hex')
           FROM json_to_recordset($2) AS each(index bigint, detail text) WHERE detail IS NOT NULL`,
          [tenant, json],
        )
      }
      await pool.query('UPDATE tenant SET size = $2 WHERE number = $1', [tenant, until])
    },
    async index() {
      const filler = new SearchFiller(pool, SILENT)
      filler.start()
      const lag = `SELECT size - coalesce((SELECT sum(count) FROM search_block WHERE search_block.tenant = number), 0) AS n
        FROM tenant WHERE number = $1`
      while (Number((await pool.query<{ n: string }>(lag, [tenant])).rows[0]?.n) > 0) await sleep(100)
      await filler.close()
      await pool.query('ANALYZE')
    },
    bytes: async () => ({
      index: await size('search_%'),
      ledger: (await size('record')) + (await size('content')),
    }),
    async close() {
      await pool.end()
      await server.remove()
    },
  }
}

import type { Pool } from 'pg'
import type { RecordQuery, RecordReader, StoredRecord } from '../../audit/record-reader.ts'
import type { CountedPage, FoundPage, RecordSearch, RecordSearcher } from '../../audit/record-search.ts'
import { RemitError } from '../../core/errors.ts'
import type { TenantId } from '../../core/ids.ts'
import type { RecordDetail, RecordEnvelope, RecordPayload } from '../../core/record.ts'
import { queryLimit } from '../match-record.ts'
import { BLOCK } from '../search/bits.ts'
import { IndexedSearch, type SearchedLedger } from '../search/indexed-search.ts'
import { postgresSource } from './postgres-search-source.ts'

interface RecordRow {
  readonly index: number
  readonly body: string
  readonly detail: string | null
  readonly payload: string | null
}

const ROWS = `SELECT record.index, record.body, content.detail, content.payload
  FROM record LEFT JOIN content ON content.tenant = record.tenant AND content.index = record.index`

export class PostgresRecords implements RecordReader, RecordSearcher {
  readonly #pool: Pool
  readonly #search: IndexedSearch

  constructor(pool: Pool) {
    this.#pool = pool
    this.#search = new IndexedSearch((tenant) => this.#ledger(tenant))
  }

  find(search: RecordSearch): Promise<FoundPage> {
    return this.#search.find(search)
  }

  count(search: Omit<RecordSearch, 'limit'>): Promise<CountedPage> {
    return this.#search.count(search)
  }

  values(...asked: Parameters<RecordSearcher['values']>): Promise<readonly string[]> {
    return this.#search.values(...asked)
  }

  async #ledger(tenant: TenantId): Promise<SearchedLedger | undefined> {
    const pool = this.#pool
    // What is in the index is asked first: a record that comes in between is then looked at twice at most, never missed.
    const found = await pool.query<{ number: number; size: number; filled: number }>(
      `SELECT number, size, coalesce((SELECT block::bigint * ${BLOCK} + count FROM search_block
         WHERE search_block.tenant = number ORDER BY block DESC LIMIT 1), 0) AS filled FROM tenant WHERE id = $1`,
      [tenant],
    )
    const [row] = found.rows
    if (row === undefined) return undefined
    const { number, size, filled } = row
    return {
      source: postgresSource(pool, number, filled),
      size: size,
      look: async (from, until) => {
        const { rows } = await pool.query<RecordRow>(
          `SELECT record.index, record.body, content.detail, NULL AS payload
           FROM record LEFT JOIN content ON content.tenant = record.tenant AND content.index = record.index
           WHERE record.tenant = $1 AND record.index >= $2 AND record.index < $3 ORDER BY record.index`,
          [number, from, until],
        )
        return rows.map(storedRecord)
      },
      read: async (places) => {
        const { rows } = await pool.query<RecordRow>(
          `${ROWS} WHERE record.tenant = $1 AND record.index = ANY($2::bigint[])`,
          [number, places],
        )
        const byPlace = new Map(rows.map((each) => [each.index, each]))
        return places.flatMap((place) => {
          const each = byPlace.get(place)
          return each === undefined ? [] : [storedRecord(each)]
        })
      },
    }
  }

  async query(query: RecordQuery): Promise<readonly StoredRecord[]> {
    const values: unknown[] = [query.tenant]
    const where = (condition: string, value: unknown): string => {
      if (value === undefined) return ''
      values.push(value)
      return ` AND ${condition} $${String(values.length)}`
    }
    const conditions = [
      where('record.kind =', query.kind),
      where('record.thing =', query.id),
      where('record.task =', query.task),
      where('record.human =', query.human),
      where('record.index >', query.after),
      where('record.index <', query.before),
    ].join('')
    values.push(queryLimit(query))
    const { rows } = await this.#pool.query<RecordRow>(
      `SELECT record.index, record.body, content.detail, content.payload
       FROM record JOIN tenant ON tenant.number = record.tenant
       LEFT JOIN content ON content.tenant = record.tenant AND content.index = record.index
       WHERE tenant.id = $1${conditions} ORDER BY record.index DESC LIMIT $${String(values.length)}`,
      values,
    )
    return rows.map(storedRecord)
  }

  async head(tenant: TenantId): Promise<{ readonly size: number; readonly checkpoint?: string }> {
    const { rows } = await this.#pool.query<{ size: number; note: string | null }>(
      `SELECT size, (
         SELECT note FROM checkpoint WHERE checkpoint.tenant = tenant.number ORDER BY size DESC LIMIT 1
       ) AS note FROM tenant WHERE id = $1`,
      [tenant],
    )
    const [row] = rows
    if (row === undefined) return { size: 0 }
    return { size: row.size, ...(row.note !== null && { checkpoint: row.note }) }
  }
}

function storedRecord({ index, body, detail, payload }: RecordRow): StoredRecord {
  const read = (text: string): unknown => {
    try {
      return JSON.parse(text)
    } catch (error) {
      throw new RemitError(
        'ledger_broken',
        `record ${index} cannot be read; run \`remit audit verify\` and restore a backup`,
        { cause: error },
      )
    }
  }
  return {
    index,
    body,
    envelope: read(body) as RecordEnvelope,
    ...(detail !== null && { detail: read(detail) as RecordDetail }),
    ...(payload !== null && { payload: read(payload) as RecordPayload }),
  }
}

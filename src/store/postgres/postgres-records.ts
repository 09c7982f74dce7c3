import type { Pool } from 'pg'
import type { RecordQuery, RecordReader, StoredRecord } from '../../audit/record-reader.ts'
import { RemitError } from '../../core/errors.ts'
import type { TenantId } from '../../core/ids.ts'
import type { RecordDetail, RecordEnvelope, RecordPayload } from '../../core/record.ts'
import { queryLimit } from '../match-record.ts'

interface RecordRow {
  readonly index: number
  readonly body: string
  readonly detail: string | null
  readonly payload: string | null
}

export class PostgresRecords implements RecordReader {
  readonly #pool: Pool

  constructor(pool: Pool) {
    this.#pool = pool
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

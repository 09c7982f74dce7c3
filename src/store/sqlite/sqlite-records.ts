import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import { setImmediate } from 'node:timers/promises'

import type { RecordQuery, RecordReader, StoredRecord } from '../../audit/record-reader.ts'
import { RemitError } from '../../core/errors.ts'
import type { TenantId } from '../../core/ids.ts'
import type { RecordDetail, RecordEnvelope, RecordPayload } from '../../core/record.ts'
import { matchesQuery, queryLimit } from '../match-record.ts'
import { recordIndex, recordRange } from './schema.ts'

/** Records looked at before other work gets its turn. */
const SCAN_PAGE = 256

/** Newest first, from just below `below` down to just above `above`, at most `most`. */
interface Slice {
  readonly above: number
  readonly below: number
  readonly most: number
}

/**
 * Answers from the search table, and for records that are not in it yet by looking at each, newest first.
 * A query by several fields uses the most selective index: `id`, then `task`, then `human`, then `kind`.
 */
export class SqliteRecords implements RecordReader {
  readonly #db: DatabaseSync
  readonly #number: StatementSync
  readonly #last: StatementSync
  readonly #projected: StatementSync
  readonly #checkpoint: StatementSync
  readonly #scan: StatementSync
  readonly #content: StatementSync

  constructor(db: DatabaseSync) {
    this.#db = db
    this.#number = db.prepare('SELECT number FROM tenant WHERE id = ?')
    this.#last = db.prepare('SELECT max(id) AS id FROM record WHERE id BETWEEN ? AND ?')
    this.#projected = db.prepare('SELECT max(id) AS id FROM search WHERE id BETWEEN ? AND ?')
    this.#checkpoint = db.prepare('SELECT note FROM checkpoint WHERE tenant = ? ORDER BY size DESC LIMIT 1')
    this.#scan = db.prepare('SELECT id, body FROM record WHERE id > ? AND id < ? ORDER BY id DESC LIMIT ?')
    this.#content = db.prepare('SELECT detail, payload FROM content WHERE id = ?')
  }

  async query(query: RecordQuery): Promise<readonly StoredRecord[]> {
    const number = this.#tenantNumber(query.tenant)
    if (number === undefined) return []
    const [from, to] = recordRange(number)
    const above = query.after === undefined ? from - 1 : from + query.after
    const below = query.before === undefined ? to + 1 : from + query.before
    const limit = queryLimit(query)
    const projected = Math.max(above, this.#maxId(this.#projected, number) ?? from - 1)
    const found = await this.#scanTail(query, { above: projected, below, most: limit })
    if (found.length < limit) {
      found.push(
        ...this.#search(query, { above, below: Math.min(below, projected + 1), most: limit - found.length }),
      )
    }
    return found
  }

  async head(tenant: TenantId): Promise<{ readonly size: number; readonly checkpoint?: string }> {
    const number = this.#tenantNumber(tenant)
    const last = number === undefined ? undefined : this.#maxId(this.#last, number)
    if (number === undefined || last === undefined) return { size: 0 }
    const note = this.#checkpoint.get(number)?.['note']
    return { size: recordIndex(last) + 1, ...(typeof note === 'string' && { checkpoint: note }) }
  }

  async #scanTail(query: RecordQuery, slice: Slice): Promise<StoredRecord[]> {
    const found: StoredRecord[] = []
    let { below } = slice
    while (found.length < slice.most) {
      const rows = this.#scan.all(slice.above, below, SCAN_PAGE)
      for (const row of rows) {
        if (found.length >= slice.most) break
        // What the record holds beside its envelope is read for those that were asked for alone.
        const envelope = parseStored(String(row['body']), Number(row['id'])) as RecordEnvelope
        if (matchesQuery(envelope, query)) found.push(this.#stored(row, envelope))
      }
      if (rows.length < SCAN_PAGE) break
      below = Number(rows.at(-1)?.['id'])
      await setImmediate()
    }
    return found
  }

  #search(query: RecordQuery, slice: Slice): StoredRecord[] {
    const columns = { thing: query.id, task: query.task, human: query.human, kind: query.kind }
    const asked = Object.entries(columns).filter(([, value]) => value !== undefined)
    const [first] = asked
    const index = first === undefined ? 'NOT INDEXED' : `INDEXED BY search_${first[0]}`
    const conditions = asked.map(([column]) => `AND search.${column} = ?`).join(' ')
    const values: SQLInputValue[] = asked.map(([, value]) => String(value))
    const rows = this.#db
      .prepare(
        `SELECT record.id, body FROM search ${index} JOIN record ON record.id = search.id
         WHERE search.id > ? AND search.id < ? ${conditions} ORDER BY search.id DESC LIMIT ?`,
      )
      .all(slice.above, slice.below, ...values, slice.most)
    return rows.map((row) => this.#stored(row))
  }

  #stored(row: Record<string, unknown>, parsed?: RecordEnvelope): StoredRecord {
    const id = Number(row['id'])
    const body = String(row['body'])
    const content = this.#content.get(id)
    const read = (text: unknown): unknown => (typeof text === 'string' ? parseStored(text, id) : undefined)
    const detail = read(content?.['detail']) as RecordDetail | undefined
    const payload = read(content?.['payload']) as RecordPayload | undefined
    return {
      index: recordIndex(id),
      body,
      envelope: parsed ?? (parseStored(body, id) as RecordEnvelope),
      ...(detail && { detail }),
      ...(payload && { payload }),
    }
  }

  #tenantNumber(tenant: TenantId): number | undefined {
    const number = this.#number.get(tenant)?.['number']
    return typeof number === 'number' ? number : undefined
  }

  #maxId(statement: StatementSync, number: number): number | undefined {
    const id = statement.get(...recordRange(number))?.['id']
    return typeof id === 'number' ? id : undefined
  }
}

function parseStored(text: string, id: number): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new RemitError(
      'ledger_broken',
      `record ${recordIndex(id)} cannot be read; run \`remit audit verify\` and restore a backup`,
      { cause: error },
    )
  }
}

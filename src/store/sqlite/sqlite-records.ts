import type { DatabaseSync, StatementSync } from 'node:sqlite'

import type { RecordQuery, RecordReader, StoredRecord } from '../../audit/record-reader.ts'
import type { CountedPage, FoundPage, RecordSearch, RecordSearcher } from '../../audit/record-search.ts'
import type { LookedAt } from '../../core/audit-query/matches-record.ts'
import { RemitError } from '../../core/errors.ts'
import type { TenantId } from '../../core/ids.ts'
import type { RecordDetail, RecordEnvelope, RecordPayload } from '../../core/record.ts'
import { searchOf } from '../match-record.ts'
import { IndexedSearch, type SearchedLedger } from '../search/indexed-search.ts'
import { recordId, recordIndex, recordRange } from './schema.ts'
import { prepareSearch, type SearchStatements, sqliteSource } from './sqlite-search-source.ts'

/**
 * Answers from the index, and for records that are not in it yet by looking at each. Everything is read by a key.
 */
export class SqliteRecords implements RecordReader, RecordSearcher {
  readonly #number: StatementSync
  readonly #last: StatementSync
  readonly #checkpoint: StatementSync
  readonly #slice: StatementSync
  readonly #one: StatementSync
  readonly #content: StatementSync
  readonly #index: SearchStatements | undefined
  readonly #search: IndexedSearch

  constructor(db: DatabaseSync) {
    this.#number = db.prepare('SELECT number FROM tenant WHERE id = ?')
    this.#last = db.prepare('SELECT max(id) AS id FROM record WHERE id BETWEEN ? AND ?')
    this.#checkpoint = db.prepare('SELECT note FROM checkpoint WHERE tenant = ? ORDER BY size DESC LIMIT 1')
    this.#slice = db.prepare('SELECT id, body FROM record WHERE id >= ? AND id < ? ORDER BY id')
    this.#one = db.prepare('SELECT id, body FROM record WHERE id = ?')
    this.#content = db.prepare('SELECT detail, payload FROM content WHERE id = ?')
    this.#index = prepareSearch(db)
    this.#search = new IndexedSearch(async (tenant) => this.#ledger(tenant))
  }

  async query(query: RecordQuery): Promise<readonly StoredRecord[]> {
    const { records } = await this.#search.find(searchOf(query))
    return records
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

  async head(tenant: TenantId): Promise<{ readonly size: number; readonly checkpoint?: string }> {
    const number = this.#tenantNumber(tenant)
    const last = number === undefined ? undefined : this.#maxId(this.#last, number)
    if (number === undefined || last === undefined) return { size: 0 }
    const note = this.#checkpoint.get(number)?.['note']
    return { size: recordIndex(last) + 1, ...(typeof note === 'string' && { checkpoint: note }) }
  }

  #ledger(tenant: TenantId): SearchedLedger | undefined {
    const number = this.#tenantNumber(tenant)
    if (number === undefined) return undefined
    const last = this.#maxId(this.#last, number)
    return {
      source: sqliteSource(this.#index, number),
      size: last === undefined ? 0 : recordIndex(last) + 1,
      look: async (from, until) =>
        this.#slice.all(recordId(number, from), recordId(number, until)).map((row) => this.#lookedAt(row)),
      read: async (places) =>
        places.flatMap((place) => {
          const row = this.#one.get(recordId(number, place))
          return row === undefined ? [] : [this.#stored(row)]
        }),
    }
  }

  /** A decision says in its detail what its operations were about. */
  #lookedAt(row: Record<string, unknown>): LookedAt {
    const id = Number(row['id'])
    const envelope = parseStored(String(row['body']), id) as RecordEnvelope
    const text = envelope.operations === undefined ? undefined : this.#content.get(id)?.['detail']
    const detail = typeof text === 'string' ? (parseStored(text, id) as RecordDetail) : undefined
    return { index: recordIndex(id), envelope, ...(detail && { detail }) }
  }

  #stored(row: Record<string, unknown>): StoredRecord {
    const id = Number(row['id'])
    const body = String(row['body'])
    const content = this.#content.get(id)
    const read = (text: unknown): unknown => (typeof text === 'string' ? parseStored(text, id) : undefined)
    const detail = read(content?.['detail']) as RecordDetail | undefined
    const payload = read(content?.['payload']) as RecordPayload | undefined
    return {
      index: recordIndex(id),
      body,
      envelope: parseStored(body, id) as RecordEnvelope,
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

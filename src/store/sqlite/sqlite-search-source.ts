import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { BLOCK, type Bits, unpackBits } from '../search/bits.ts'
import { type BlockSpan, type IndexSource, keepPosting } from '../search/index-source.ts'
import { recordIndex, recordRange } from './schema.ts'
import { hasSearchIndex, SEARCH_READS } from './search-statements.ts'

/** After every text that begins so: the largest code point is never in what is searched. */
const LAST = '\u{10ffff}'

type Name = keyof typeof SEARCH_READS
export type SearchStatements = Readonly<Record<Name, StatementSync>>

/** @returns undefined for a database of an earlier release, which has no index that could be asked. */
export function prepareSearch(db: DatabaseSync): SearchStatements | undefined {
  if (!hasSearchIndex(db)) return undefined
  return Object.fromEntries(
    Object.entries(SEARCH_READS).map(([name, sql]) => [name, db.prepare(sql)]),
  ) as SearchStatements
}

/** Records of one tenant that are in the index. */
export function filledOf(statements: SearchStatements | undefined, tenant: number): number {
  const last = statements?.filled.get(tenant)
  return last === undefined ? 0 : Number(last['block']) * BLOCK + Number(last['count'])
}

export function sqliteSource(statements: SearchStatements | undefined, tenant: number): IndexSource {
  const all = (name: Name, ...values: readonly (string | number)[]): readonly Record<string, unknown>[] =>
    statements?.[name].all(...values) ?? []
  return {
    filled: filledOf(statements, tenant),
    term: async (field, value) => {
      const [row] = all('term', tenant, field, value)
      return row === undefined ? undefined : Number(row['id'])
    },
    terms: async (field, prefix, most) =>
      all('terms', tenant, field, prefix, prefix + LAST, most).map((row) => ({
        id: Number(row['id']),
        value: String(row['value']),
      })),
    thing: async (id) =>
      all('thing', id, ...recordRange(tenant)).map((row) => recordIndex(Number(row['id']))),
    blocks: async (from, to) => all('blocks', tenant, from, to).map(spanOf),
    postings: async (terms, from, to) => {
      const found = new Map<number, Map<number, Bits>>()
      for (const { term, block, bits } of all('postings', JSON.stringify(terms), from, to))
        keepPosting(found, { term: Number(term), block: Number(block) }, unpackBits(bits as Uint8Array))
      return found
    },
    times: async (block) =>
      (all('times', tenant, block)[0]?.['times'] as Uint8Array | undefined) ?? new Uint8Array(),
  }
}

function spanOf(row: Record<string, unknown>): BlockSpan {
  const [block, count, low, high] = ['block', 'count', 'low', 'high'].map((name) => Number(row[name]))
  return { block: block ?? 0, count: count ?? 0, low: low ?? 0, high: high ?? 0 }
}

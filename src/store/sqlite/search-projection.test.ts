import type { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { decisionRecord } from '../../../test/suites/sample-records.ts'
import { allOf, type Condition, is } from '../../core/audit-query/condition.ts'
import { DEFAULT_TENANT } from '../../core/ids.ts'
import { BLOCK } from '../search/bits.ts'
import { forgetSearch } from './forget-search.ts'
import { openForWriting } from './open-database.ts'
import { migrate, recordId } from './schema.ts'
import { SearchProjection } from './search-projection.ts'
import { SEARCH_READS } from './search-statements.ts'
import { SqliteRecords } from './sqlite-records.ts'

const TENANT = 3
let db: DatabaseSync

beforeEach(() => {
  db = openForWriting(':memory:')
  migrate(db)
  db.prepare('INSERT INTO tenant (number, id) VALUES (?, ?)').run(TENANT, DEFAULT_TENANT)
})
afterEach(() => db.close())

/** Decisions whose file is `/work/<index>` of `folders` folders, in the index. */
function fill(count: number, folders: number): void {
  const record = db.prepare(`INSERT INTO record (id, leaf, body) VALUES (?, x'00', ?)`)
  const content = db.prepare('INSERT INTO content (id, detail) VALUES (?, ?)')
  const { envelope, detail } = decisionRecord({ id: 'dec_1', task: 'tsk_1' })
  db.exec('BEGIN')
  for (let index = 0; index < count; index++) {
    record.run(recordId(TENANT, index), JSON.stringify({ ...envelope, id: `dec_${index}` }))
    const operations = detail!.operations!.map((each) => ({
      ...each,
      resource: { ...each.resource, id: `/work/${index % folders}` },
    }))
    content.run(recordId(TENANT, index), JSON.stringify({ operations }))
  }
  db.exec('COMMIT')
  const projection = new SearchProjection(db)
  while (projection.lag() > 0) projection.advance(1_000)
}

const count = async (where: Condition): Promise<number> =>
  (await new SqliteRecords(db).count({ tenant: DEFAULT_TENANT, where, order: 'newest' })).count

test('R-PERF-3: every read of a search goes by a key; none looks through a table', () => {
  const reads = [
    ...Object.values(SEARCH_READS),
    'SELECT id, body FROM record WHERE id >= ? AND id < ? ORDER BY id',
    'SELECT id, body FROM record WHERE id = ?',
    'SELECT detail, payload FROM content WHERE id = ?',
    'SELECT term FROM search_erasable WHERE tenant = ? AND block = ?',
  ]
  for (const sql of reads) {
    const plan = db
      .prepare(`EXPLAIN QUERY PLAN ${sql}`)
      .all()
      .map((row) => String(row['detail']))
    // The list of terms that is asked for is gone through, not a table.
    const said = [sql, ...plan.filter((step) => step !== 'SCAN json_each VIRTUAL TABLE INDEX 1:')].join('\n')
    expect(said).not.toMatch(/SCAN|TEMP B-TREE/)
    expect(said).toMatch(/SEARCH/)
  }
})

test('R-AUD-3: a search over several blocks finds what is in each, and asks the ledger for what it answers alone', async () => {
  fill(2 * BLOCK + 100, 1_000)
  const searched: string[] = []
  const prepare = db.prepare.bind(db)
  db.prepare = (sql) => {
    searched.push(sql)
    return prepare(sql)
  }
  expect(await count(is('resource', '/work/7'))).toBe(9)
  expect(await count({ kind: 'not', of: is('resource', '/work/7') })).toBe(2 * BLOCK + 91)
  expect(await count({ kind: 'like', field: 'resource', pattern: '/work/7*' })).toBe(8 * 111 + 11)
  expect(
    await count(allOf([is('decision', 'allow'), { kind: 'place', from: BLOCK - 1, until: BLOCK + 1 }])),
  ).toBe(2)
  expect(searched.join('\n')).not.toMatch(/FROM record\s*$/)
})

test('R-AUD-2: what is erased is found by nothing that stood in it, and its words leave the index', async () => {
  fill(BLOCK + 50, BLOCK)
  db.prepare('UPDATE content SET detail = NULL WHERE id >= ? AND id < ?').run(
    recordId(TENANT, 40),
    recordId(TENANT, BLOCK + 45),
  )
  forgetSearch(db, TENANT, { from: 40, until: BLOCK + 45 })
  expect(await count(is('resource', '/work/39'))).toBe(1)
  expect(await count(is('resource', '/work/46'))).toBe(1)
  expect(await count(is('resource', '/work/41'))).toBe(0)
  expect(await count({ kind: 'like', field: 'resource', pattern: '/work/1*' })).toBe(11)
  expect(await count(is('decision', 'allow'))).toBe(BLOCK + 50)
  const left = db
    .prepare(`SELECT count(*) AS n FROM search_term WHERE field = 'resource' AND value LIKE '/work/%'`)
    .get()
  // Of the first 40 and of 45 to 49 of the next block, and the repository, of whatever is left.
  expect(left?.['n']).toBe(46)
})

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { FIELD_NAMES, fieldOf } from '../../src/core/audit-query/fields.ts'
import { parseQuery } from '../../src/core/audit-query/parse-query.ts'
import { DEFAULT_TENANT } from '../../src/core/ids.ts'
import { createMemoryStore } from '../../src/store/memory/memory-store.ts'

const page = readFileSync(new URL('../../docs/audit.md', import.meta.url), 'utf8')

test('R-AUD-3: every example of docs/audit.md is a query that is answered', async () => {
  const [, block = ''] = /```query\n([^`]*)```/.exec(page) ?? []
  const commands = [...page.matchAll(/^remit audit query [^']*'([^']+)'/gm)].map(([, query = '']) => query)
  const examples = [...block.trim().split('\n'), ...commands]
  expect(examples.length).toBeGreaterThan(10)
  const store = createMemoryStore()
  for (const example of examples) {
    const { where, order, limit = 1 } = parseQuery(example, 0)
    expect(await store.search.find({ tenant: DEFAULT_TENANT, where, order, limit })).toEqual({ records: [] })
  }
})

test('R-AUD-3: docs/audit.md lists every field with what it asks for', () => {
  for (const name of FIELD_NAMES) expect(page).toContain(`| \`${name}\` | ${fieldOf(name).says} |`)
  const [, table = ''] = /\| field \| asks for \|\n\|---\|---\|\n((?:\|.*\n)*)/.exec(page) ?? []
  expect(table.trim().split('\n')).toHaveLength(FIELD_NAMES.length + 2)
})

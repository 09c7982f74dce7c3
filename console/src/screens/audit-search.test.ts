import { expect, test } from 'vitest'
import { parseQuery } from '../../../src/core/audit-query/parse-query.ts'
import { completions, EMPTY_SEARCH, queryText, searchQuery } from './audit-search.ts'

test('R-AUD-3: an audit search asks for what was typed and chosen, in one query, and for nothing else', () => {
  expect(searchQuery(EMPTY_SEARCH, { task: undefined, past: undefined, limit: 50 })).toBe('limit=50&q=')
  expect(queryText({ ...EMPTY_SEARCH, q: 'rule = x limit 3' }, undefined)).toBe('rule = x limit 3')
  const search = {
    ...EMPTY_SEARCH,
    q: 'rule = a or rule = b order by at asc',
    who: ' ada "x" ',
    tool: 'git',
    from: '2026-11-27T08:00:00Z',
    until: 'soon',
  }
  const text = queryText(search, 'tsk_1')
  expect(text).toBe(
    String.raw`(rule = a or rule = b) and under = "tsk_1" and who = "ada \"x\"" and (server = "git" or tool = "git") and at >= 2026-11-27T08:00:00.000Z order by at asc`,
  )
  expect(parseQuery(text, 0)).toMatchObject({ order: 'oldest', where: { kind: 'all' } })
})

test('R-AUD-3: where a field comes next, those that begin so are offered', () => {
  expect(completions('decision = deny and ta')).toEqual(['decision = deny and task '])
  expect(completions('(ru')).toEqual(['(rule '])
  expect(completions('rule = ta')).toEqual([])
})

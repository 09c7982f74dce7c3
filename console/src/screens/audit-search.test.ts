import { expect, test } from 'vitest'
import { EMPTY_SEARCH, isNarrow, searchQuery } from './audit-search.ts'

const page = { task: undefined, before: undefined, limit: 50 }

test('R-AUD-3: an audit search asks for what was typed, in the gateway’s words, and for nothing else', () => {
  expect(searchQuery(EMPTY_SEARCH, page)).toBe('limit=50')
  expect(isNarrow({ ...EMPTY_SEARCH, kind: 'decision', id: 'dec_1' })).toBe(false)
  const search = {
    ...EMPTY_SEARCH,
    who: ' ada ',
    effect: 'deny',
    from: '2026-11-27T08:00:00Z',
    until: 'soon',
  }
  expect(isNarrow(search)).toBe(true)
  expect(searchQuery(search, { task: 'tsk_1', before: 7, limit: 9 })).toBe(
    `limit=9&task=tsk_1&before=7&effect=deny&who=ada&from=${Date.UTC(2026, 10, 27, 8)}`,
  )
})

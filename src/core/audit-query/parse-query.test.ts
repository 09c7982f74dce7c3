import { expect, test } from 'vitest'
import { matchesText } from './matches-text.ts'
import { parseQuery } from './parse-query.ts'

const NOW = 1_795_780_800_000
const DAY = 86_400_000

test('R-AUD-3: a query becomes a condition, an order and a limit', () => {
  const text =
    'decision = deny and tool = "github/*" and at > -7d and (label = secret or rule = "x") order by at asc limit 50'
  expect(parseQuery(text, NOW)).toEqual({
    where: {
      kind: 'all',
      of: [
        { kind: 'is', field: 'decision', value: 'deny' },
        { kind: 'like', field: 'tool', pattern: 'github/*' },
        { kind: 'time', from: NOW - 7 * DAY + 1, until: Infinity },
        {
          kind: 'any',
          of: [
            { kind: 'is', field: 'label', value: 'secret' },
            { kind: 'is', field: 'rule', value: 'x' },
          ],
        },
      ],
    },
    order: 'oldest',
    limit: 50,
  })
  expect(parseQuery('', NOW)).toEqual({ where: { kind: 'all', of: [] }, order: 'newest' })
  expect(parseQuery('limit 3', NOW)).toMatchObject({ limit: 3 })
})

test('R-AUD-3: `and` binds closer than `or`, `not` closest; words of the language have no case, values do', () => {
  const rule = (value: string) => ({ kind: 'is', field: 'rule', value })
  expect(parseQuery('rule = a OR rule = b AND NOT rule = C', NOW).where).toEqual({
    kind: 'any',
    of: [rule('a'), { kind: 'all', of: [rule('b'), { kind: 'not', of: rule('C') }] }],
  })
  expect(parseQuery('rule in (a, "b c")', NOW).where).toEqual({ kind: 'any', of: [rule('a'), rule('b c')] })
  expect(parseQuery('rule != "say \\"x\\""', NOW).where).toEqual({ kind: 'not', of: rule('say "x"') })
})

test('R-AUD-3: a date is its whole day, an index a single record, and a tool also what agents call it', () => {
  const day = NOW - 7.5 * DAY
  expect(parseQuery('at = 2026-11-20', NOW).where).toEqual({ kind: 'time', from: day, until: day + DAY })
  expect(parseQuery('at > 2026-11-20', NOW).where).toEqual({ kind: 'time', from: day + DAY, until: Infinity })
  expect(parseQuery('at <= 2026-11-20T10:00:00Z', NOW).where).toMatchObject({
    until: day + 10 * 3_600_000 + 1,
  })
  expect(parseQuery('index <= 7', NOW).where).toEqual({ kind: 'place', from: 0, until: 8 })
  expect(parseQuery('tool = github__open_pr', NOW).where).toMatchObject({
    of: [{}, { value: 'github/open_pr' }],
  })
})

test.each([
  ['decison = deny', 1, 'did you mean `decision`'],
  ['decision = denied', 12, 'did you mean `deny`'],
  ['decision = deny annd rule = x', 17, '`and`, probably'],
  ['decision deny', 10, 'after `decision` comes'],
  ['(rule = x', 10, 'a `)` is missing'],
  ['rule = "x', 8, 'no end'],
  ['rule = "a\\q"', 10, 'after a backslash'],
  ['at > yesterday', 6, 'a time is'],
  ['at > 2026-02-31', 6, 'a time is'],
  ['index > x', 9, 'an index is a number'],
  ['rule = x limit 0', 16, 'from 1 to 10000'],
  ['rule = x order by name', 19, 'after `order` comes'],
  ['rule in x', 9, 'after `in` comes'],
  ['rule = x and', 13, 'here comes a field'],
  ['= x', 1, 'here comes a field'],
  [`${'('.repeat(30)}rule = x`, 22, 'nested too deeply'],
  [`${'not '.repeat(5_000)}rule = x`, 4096, 'longer than'],
])('R-AUD-3: %s is refused at column %i', (text, column, says) => {
  expect(() => parseQuery(text, NOW)).toThrow(new RegExp(`^column ${column} of the query: .*`))
  expect(() => parseQuery(text, NOW)).toThrow(says)
})

test('R-AUD-3: a pattern fits a text as a naive reading of it says, and is not slow', () => {
  const naive = (pattern: string): RegExp =>
    new RegExp(
      `^${pattern
        .split('*')
        .map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`))
        .join('.*')}$`,
      's',
    )
  const texts = ['', 'a', 'b', 'ab', 'aba', 'abab', 'aab', 'bab', 'a.b', 'abcabc']
  for (const pattern of ['*', 'a*', '*a', 'a*b', '*a*', 'a*b*', '**', 'ab*ab', 'a.*', 'a*a', 'abc*c'])
    for (const text of texts)
      expect(matchesText(pattern, text), `${pattern} ${text}`).toBe(naive(pattern).test(text))
  expect(matchesText(`${'a*'.repeat(200)}b`, 'a'.repeat(50_000))).toBe(false)
})

import { expect, test } from 'vitest'
import { parsedOf } from '../../test/policy/compiled.ts'
import { endedExceptions } from './ended-exceptions.ts'
import { problemText } from './problem.ts'

const NOW = Date.parse('2026-03-01T00:00:00Z')
const rule = (id: string, condition: string): string =>
  `@id("${id}") forbid (principal is Task, action, resource) when { ${condition} };`

const found = (condition: string): readonly string[] =>
  endedExceptions(parsedOf(rule('x', condition)).policies, NOW).map(problemText)

test('R-POL-10: an exception whose time is over is named, with its end', () => {
  const said = [
    expect.stringContaining(
      'what `x` says of the time before 2026-02-28T23:00:00.000Z is over (take it out, or give it another end)',
    ),
  ]
  expect(found('context.now < datetime("2026-03-01T00:00:00+0100")')).toEqual(said)
  expect(found('context.opaque || !(datetime("2026-02-28T23:00:00Z") >= context.now)')).toEqual(said)
  expect(found('context.now < datetime("2026-03-01")')).toHaveLength(1)
})

test('R-POL-10: one that still runs, a start and what is computed are not', () => {
  expect(found('context.now < datetime("2026-03-02")')).toEqual([])
  expect(found('context.now > datetime("2020-01-01")')).toEqual([])
  expect(found('datetime("2020-01-01") < context.now')).toEqual([])
  expect(found('context.now < datetime("2020-01-01").offset(duration("9000d"))')).toEqual([])
  expect(found('context.hour < 6')).toEqual([])
})

test('R-POL-10: only what is said of the time of the call counts', () => {
  const over = 'datetime("2020-01-01")'
  expect(found(`resource.now < ${over}`)).toEqual([])
  expect(found(`context.history.now < ${over}`)).toEqual([])
  expect(found(`context.hour < ${over}`)).toEqual([])
  expect(found(`${over} < ${over}`)).toEqual([])
  expect(found('context.now < context.hour')).toEqual([])
  expect(found(`context.now == ${over}`)).toEqual([])
})

test('R-POL-10: each end is named once, the earliest first', () => {
  const ends = ['2021-01-01', '2019-01-01', '2021-01-01', '2020-01-01']
  const said = found(ends.map((end) => `context.now < datetime("${end}")`).join(' || '))
  expect(said.map((line) => /before (\d+)/.exec(line)?.[1])).toEqual(['2019', '2020', '2021'])
})

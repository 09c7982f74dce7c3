import { expect, test } from 'vitest'
import { instantOf } from './instant.ts'

test('R-AUD-3: a time is what a calendar says, and no other text is one', () => {
  const known: readonly (readonly [string, number])[] = [
    ['1970-01-01', 0],
    ['1969-12-31T23:59:59.999Z', -1],
    ['2000-02-29', 951_782_400_000],
    ['2026-11-27T12:00:00Z', 1_795_780_800_000],
    ['2026-11-27T12:00:00.5+02:00', 1_795_773_600_500],
    ['2026-11-27T10:00-02:00', 1_795_780_800_000],
    ['2100-03-01', 4_107_542_400_000],
  ]
  for (const [text, time] of known) expect([text, instantOf(text)]).toEqual([text, time])
  for (const text of [
    '2026-02-29',
    '2026-13-01',
    '2026-00-01',
    '2026-01-00',
    '2026-01-01T24:00:00Z',
    '2026-01-01T10:00:00',
    'x',
  ])
    expect([text, instantOf(text)]).toEqual([text, undefined])
})

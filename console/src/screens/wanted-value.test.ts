import { expect, test } from 'vitest'
import { wantedValue, withValues } from './wanted-value.ts'

function offered(query: string, ...values: readonly string[]): readonly string[] | undefined {
  const wanted = wantedValue(query)
  return wanted === undefined ? undefined : withValues(wanted, values)
}

test('R-AUD-3: a value is completed where one is being typed, in quotes where it needs them, and nowhere else', () => {
  expect(wantedValue('decision = deny and tool = "fi')).toEqual({
    field: 'tool',
    prefix: 'fi',
    quoted: true,
    before: 'decision = deny and tool = ',
  })
  expect(offered('tool=', 'git', 'say "so" it')).toEqual(['tool=git', String.raw`tool="say \"so\" it"`])
  expect(offered('(tool != g', 'git', 'other', 'g it')).toEqual(['(tool != git'])
  expect(offered('rule in ("a, b", c', 'ci', 'c')).toEqual(['rule in ("a, b", ci'])
  expect(offered(String.raw`agent = "x\"y`, 'x"yz')).toEqual([String.raw`agent = "x\"yz"`])
  const others = ['', 'too', 'nothing = x', 'at > 2', 'tool = "git"', 'tool = git and ']
  expect(others.map(wantedValue)).toEqual(others.map(() => undefined))
  expect(wantedValue('rule = "tool = ')).toMatchObject({ field: 'rule', prefix: 'tool = ' })
})

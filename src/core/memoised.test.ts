import { expect, test } from 'vitest'
import { memoised } from './memoised.ts'

test('what was made is remembered, and no more than so many', () => {
  const made: string[] = []
  const upper = memoised((text) => {
    made.push(text)
    return { text: text.toUpperCase() }
  }, 2)
  expect(upper('a')).toBe(upper('a'))
  expect([upper('b'), upper('a')]).toEqual([{ text: 'B' }, { text: 'A' }])
  expect(made).toEqual(['a', 'b'])
  upper('c')
  expect(upper('c')).toBe(upper('c'))
  upper('b')
  upper('a')
  expect(made).toEqual(['a', 'b', 'c', 'b', 'a'])
})

import { expect, test } from 'vitest'
import { nextTryText } from './format-servers.ts'

test.each([
  [0, 'tried again in 0 s, or with the next use'],
  [1, 'tried again in 1 s, or with the next use'],
  [41_500, 'tried again in 42 s, or with the next use'],
])('R-REL-1: people are told when a server is tried again: %d ms', (rest, text) => {
  expect(nextTryText(rest)).toBe(text)
})

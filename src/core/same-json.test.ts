import { expect, test } from 'vitest'
import { sameJson } from './same-json.ts'

test.each([
  [
    { a: [1, { b: null }], c: 'x' },
    { c: 'x', a: [1, { b: null }] },
  ],
  [[], []],
  [0, -0],
])('R-MCP-4: %j and %j are the same', (a, b) => {
  expect(sameJson(a, b)).toBe(true)
})

test.each([
  [{ a: 1 }, { a: 1, b: 1 }],
  [
    { a: 1, b: 1 },
    { a: 1, c: 1 },
  ],
  [{ toString: 'x' }, { constructor: 'x' }],
  [
    [1, 2],
    [2, 1],
  ],
  [[], {}],
  [['x'], { 0: 'x' }],
  [null, {}],
  ['1', 1],
  [{ a: { b: [1] } }, { a: { b: [2] } }],
])('R-MCP-4: %j and %j are not', (a, b) => {
  expect(sameJson(a, b)).toBe(false)
  expect(sameJson(b, a)).toBe(false)
})

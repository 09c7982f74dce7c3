import { expect, test } from 'vitest'
import { canonicalJson } from './canonical-json.ts'
import type { Json } from './json.ts'

test.each<readonly [Json, string]>([
  [null, 'null'],
  [true, 'true'],
  [false, 'false'],
  ['', '""'],
  ['a"\\\n\u0007é', String.raw`"a\"\\\n\u0007é"`],
  [0, '0'],
  [-0, '0'],
  [1e21, '1e+21'],
  [1.5, '1.5'],
  [[], '[]'],
  [[1, [2], 'x'], '[1,[2],"x"]'],
  [{}, '{}'],
  [{ b: 1, a: [{ d: 1, c: 2 }] }, '{"a":[{"c":2,"d":1}],"b":1}'],
  // RFC 8785 §3.2.3: by UTF-16 code units, so that a surrogate pair stands before U+FB33.
  [{ '\uFB33': 1, '😂': 2, 1: 3, '\r': 4, ö: 5 }, '{"\\r":4,"1":3,"ö":5,"😂":2,"\uFB33":1}'],
  [{ a: undefined as never, b: 1, c: undefined as never, d: 2 }, '{"b":1,"d":2}'],
])('R-AUD-1: row %# of canonical forms', (value, text) => {
  expect(canonicalJson(value)).toBe(text)
})

test.each<readonly [Json, string]>([
  [Number.NaN, 'a number that is not finite has no canonical form'],
  [[Number.POSITIVE_INFINITY], 'a number that is not finite has no canonical form'],
  ['\uD800', 'a string with a lone surrogate has no canonical form'],
  [{ '\uDC00': 1 }, 'a string with a lone surrogate has no canonical form'],
])('R-AUD-1: row %# of what has none', (value, message) => {
  expect(() => canonicalJson(value)).toThrow(new RangeError(message))
})

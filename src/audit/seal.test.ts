import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'

import { commitment, saltSource } from './seal.ts'

describe('what a record says of erasable content', () => {
  it.each([
    ['nothing', ''],
    ['a text', '{"arguments":{"path":"src/a.ts"}}'],
    ['a text of many scripts', 'é – 日本語 – 🙂'.repeat(50)],
    ['a broken text', 'a\uD800b'],
    ['a text at the edge of the buffer', 'x'.repeat(21_840)],
    ['a long text', 'ü'.repeat(100_000)],
    ['bytes', new Uint8Array([0, 255, 128])],
  ])('R-AUD-2: is SHA-256 of salt and UTF-8, whatever its size: %s', (_, content) => {
    const salt = saltSource()()
    const expected = createHash('sha256').update(salt).update(content).digest('hex')
    expect(commitment(salt, content)).toBe(expected)
    // A buffer used again must not let the content before show through.
    commitment(salt, 'something else, and longer than most of them are'.repeat(20))
    expect(commitment(salt, content)).toBe(expected)
  })
})

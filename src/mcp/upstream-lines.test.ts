import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LineSplitter } from './upstream-lines.ts'

describe('LineSplitter', () => {
  it('gives the lines whatever the chunks', () => {
    const line = fc.string({ maxLength: 20 }).map((text) => text.replaceAll('\n', ' '))
    fc.assert(
      fc.property(fc.array(line, { maxLength: 10 }), fc.integer({ min: 1, max: 9 }), (lines, size) => {
        const seen: string[] = []
        const splitter = new LineSplitter(1_000, (part) => seen.push(part.toString('utf8')))
        const all = Buffer.from(lines.map((text) => `${text}\n`).join(''))
        for (let at = 0; at < all.length; at += size) splitter.push(all.subarray(at, at + size))
        expect(seen).toEqual(lines.filter((text) => text !== ''))
      }),
    )
  })

  it('R-SEC-1: stops at a line over the cap, ended or not', () => {
    const push = (text: string): boolean => new LineSplitter(10, () => {}).push(Buffer.from(text))
    expect([push('0123456789\n'), push('01234567890'), push('01234567890\n')]).toEqual([true, false, false])
  })
})

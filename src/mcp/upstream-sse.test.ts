import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SseParser, type SseEvent } from './upstream-sse.ts'

type Told = Omit<SseEvent, 'data'> & { readonly data: string }

function parse(chunks: readonly Uint8Array[], cap = 1_000): { events: Told[]; parser: SseParser } {
  const events: Told[] = []
  const parser = new SseParser((event) => events.push({ ...event, data: event.data.toString() }), cap)
  for (const chunk of chunks) parser.push(chunk)
  return { events, parser }
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

describe('SseParser', () => {
  it.each([
    ['data: a\n\n', [{ data: 'a' }]],
    ['data:a\r\n\r\n', [{ data: 'a' }]],
    ['data: a\r\rdata: b\r\r', [{ data: 'a' }, { data: 'b' }]],
    ['\ufeffdata: a\n\n', [{ data: 'a' }]],
    [': comment\n\nevent: ping\ndata:  two\ndata: lines\n\n', [{ event: 'ping', data: ' two\nlines' }]],
    ['data\n\n', [{ data: '' }]],
    ['event: x\n\ndata: y\n\n', [{ data: 'y' }]],
    ['unknown: z\ndata: a:b\n\n', [{ data: 'a:b' }]],
    ['data: cut off', []],
    ['data: cut off\n', []],
  ])('reads %j', (text, events) => {
    expect(parse([bytes(text)]).events).toEqual(events)
  })

  it('keeps where to go on from, and how long to wait', () => {
    const { parser } = parse([bytes('id: 7\nretry: 250\ndata:\n\nid: bad\0id\nretry: soon\n\n')])
    expect([parser.lastId, parser.retry, parser.whole]).toEqual(['7', 250, true])
    expect(parse([bytes('data: x\n')]).parser.whole).toBe(false)
  })

  it('does not care where the network cuts the stream', () => {
    const text = 'event: m\r\ndata: grüße 🎉\r\n\r\n: c\ndata: x\n\nid: 1\rdata: y\r\r'
    const all = bytes(text)
    fc.assert(
      fc.property(fc.array(fc.nat(all.length), { maxLength: 12 }), (cuts) => {
        const at = [0, ...cuts.toSorted((a, b) => a - b), all.length]
        const chunks = at.slice(1).map((end, index) => all.subarray(at[index], end))
        expect(parse(chunks).events).toEqual([{ event: 'm', data: 'grüße 🎉' }, { data: 'x' }, { data: 'y' }])
      }),
    )
  })

  it.each([
    ['one line', ['data: ', 'x'.repeat(600), 'x'.repeat(600)]],
    ['many lines', Array.from({ length: 20 }, () => `data: ${'x'.repeat(90)}\n`)],
  ])('R-SEC-1: an event over the cap is garbage (%s)', (_name, parts) => {
    expect(() => parse(parts.map(bytes))).toThrow(/larger than 1000/)
  })

  it('R-SEC-1: a stream that is not UTF-8 is garbage', () => {
    expect(() => parse([Uint8Array.from([0x64, 0xff, 0xfe, 0x0a])])).toThrow(/UTF-8/)
  })
})

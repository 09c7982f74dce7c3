import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalJson } from '../core/canonical-json.ts'
import { RemitError } from '../core/errors.ts'
import { decodeUtf8Strict, parseStrictJson } from './strict-json.ts'

function codeOf(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    if (error instanceof RemitError) return error.code
    throw error
  }
  return 'accepted'
}

const REFUSED: readonly [text: string, code: string][] = [
  ['', 'json_invalid'],
  ['{', 'json_invalid'],
  ['{"a":1}}', 'json_invalid'],
  ['{"a":1,}', 'json_invalid'],
  ["{'a':1}", 'json_invalid'],
  ['NaN', 'json_invalid'],
  ['"unterminated', 'json_invalid'],
  ['"ends in a backslash\\', 'json_invalid'],
  ['{"a":"\\ud800"}', 'json_invalid'],
  ['{"\\udc00":1}', 'json_invalid'],
  ['["\\ud83d"]', 'json_invalid'],
  ['{"a":1,"a":2}', 'json_duplicate_key'],
  ['{"a":1,"\\u0061":2}', 'json_duplicate_key'],
  ['{"path":"docs/a.md","x":[{"y":{"z":1,"z":1}}]}', 'json_duplicate_key'],
  ['{"1":0,"1":0}', 'json_duplicate_key'],
  ['{"":1,"":2}', 'json_duplicate_key'],
  ['9007199254740992', 'json_unsafe_number'],
  ['-9007199254740993', 'json_unsafe_number'],
  ['{"id":12345678901234567890}', 'json_unsafe_number'],
  ['[1e400]', 'json_unsafe_number'],
  ['[-1E+999]', 'json_unsafe_number'],
  ['1.5e20', 'json_unsafe_number'],
  [`1${'0'.repeat(400)}`, 'json_unsafe_number'],
  ['{"__proto__":{"admin":true}}', 'request_invalid'],
  ['{"a":{"\\u005f_proto__":1}}', 'request_invalid'],
  ['['.repeat(129) + ']'.repeat(129), 'json_too_deep'],
  ['{"a":'.repeat(129) + '1' + '}'.repeat(129), 'json_too_deep'],
  ['['.repeat(1_000_000), 'json_too_deep'],
]

const ACCEPTED: readonly string[] = [
  'null',
  ' { "a" : [ 1 , 2 ] } ',
  '{"a":"x:y,{\\"b\\":1}"}',
  '{"a\\"":1,"a":2}',
  '9007199254740991',
  '-9007199254740991',
  '0.1',
  '-1.25e-7',
  '1e300',
  '[1.0e2,123456.75]',
  '{"constructor":1,"toString":2,"hasOwnProperty":3}',
  '"\\ud83d\\ude00"',
  '['.repeat(128) + ']'.repeat(128),
]

describe('parseStrictJson', () => {
  it.each(REFUSED)('R-SEC-1: refuses %.60s as %s', (text, code) => {
    expect(codeOf(() => parseStrictJson(text))).toBe(code)
  })

  it.each(ACCEPTED.map((text) => [text]))('reads %.60s as JSON.parse does', (text) => {
    expect(parseStrictJson(text)).toEqual(JSON.parse(text))
  })

  it('reads every JSON value that this process can write, with the same meaning', () => {
    fc.assert(
      fc.property(
        fc.jsonValue({ maxDepth: 6, noUnicodeString: false }),
        fc.constantFrom(0, 2),
        (value, indent) => {
          const text = JSON.stringify(value, null, indent)
          const code = codeOf(() => parseStrictJson(text))
          expect(['accepted', 'json_unsafe_number', 'request_invalid', 'json_invalid']).toContain(code)
          expect(code === 'accepted' ? parseStrictJson(text) : JSON.parse(text)).toEqual(JSON.parse(text))
        },
      ),
    )
  })

  it('R-SEC-1: whatever it accepts has a canonical form that it accepts again, unchanged', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        const text = JSON.stringify(value)
        if (codeOf(() => parseStrictJson(text)) !== 'accepted') return
        const canonical = canonicalJson(parseStrictJson(text))
        expect(canonicalJson(parseStrictJson(canonical))).toBe(canonical)
      }),
    )
  })

  it('R-SEC-1: finds a member that is repeated anywhere in any object', () => {
    const leaf = fc.dictionary(fc.string({ minLength: 1 }), fc.integer(), { minKeys: 1, maxKeys: 5 })
    fc.assert(
      fc.property(
        leaf,
        fc.nat(),
        fc.array(fc.constantFrom('[', '{"k":'), { maxLength: 20 }),
        (object, pick, wraps) => {
          const keys = Object.keys(object).filter((key) => key !== '__proto__')
          fc.pre(keys.length > 0)
          const repeated = JSON.stringify(keys[pick % keys.length])
          const inner = `{${keys.map((key) => `${JSON.stringify(key)}:0`).join(',')},${repeated}:1}`
          const text = wraps.reduceRight((body, open) => `${open}${body}${open === '[' ? ']' : '}'}`, inner)
          expect(codeOf(() => parseStrictJson(text))).toBe('json_duplicate_key')
        },
      ),
    )
  })

  it('throws nothing but RemitError, whatever the text', () => {
    const soup = fc.array(fc.constantFrom(...'{ } [ ] " : , \\ u 0 d 8 - + . e E 1 9 t n _ p'.split(' ')), {
      maxLength: 80,
    })
    fc.assert(
      fc.property(soup, (parts) => {
        const text = parts.join('')
        const code = codeOf(() => parseStrictJson(text))
        const read: unknown = code === 'accepted' ? parseStrictJson(text) : undefined
        expect(read).toEqual(code === 'accepted' ? JSON.parse(text) : undefined)
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('decodeUtf8Strict', () => {
  it.each([
    ['a byte-order mark', [0xef, 0xbb, 0xbf, 0x7b, 0x7d]],
    ['an overlong slash', [0xc0, 0xaf]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
    ['a cut character', [0xe2, 0x82]],
    ['Latin-1', [0x63, 0x61, 0x66, 0xe9]],
  ])('R-SEC-1: refuses %s', (_name, bytes) => {
    expect(codeOf(() => decodeUtf8Strict(Uint8Array.from(bytes)))).toBe('json_invalid')
  })

  it('reads back every text, also from a view into a larger buffer', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        fc.pre(!text.startsWith('\ufeff'))
        const padded = new TextEncoder().encode(`xx${text}xx`)
        expect(decodeUtf8Strict(padded.subarray(2, padded.length - 2))).toBe(text)
      }),
    )
  })
})

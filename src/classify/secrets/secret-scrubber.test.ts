import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { SecretScrubber } from './secret-scrubber.ts'

const VALUE = 'k9/"Q+z é&7hW2~x_m'

function scrubber(...values: readonly string[]): SecretScrubber {
  const made = new SecretScrubber()
  for (const value of values) made.add(value, 'forge')
  return made
}

const bytes = Buffer.from(VALUE)
const FORMS: readonly (readonly [string, string])[] = [
  ['as it is', VALUE],
  ['JSON', JSON.stringify(VALUE).slice(1, -1)],
  ['JSON in JSON', JSON.stringify(JSON.stringify(VALUE)).slice(3, -3)],
  ['percent', encodeURIComponent(VALUE)],
  ['percent, twice', encodeURIComponent(encodeURIComponent(VALUE))],
  ['percent, every byte', [...bytes].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')],
  ['a form', new URLSearchParams({ a: VALUE }).toString().slice(2)],
  ['hex', bytes.toString('hex')],
  ['HEX', bytes.toString('hex').toUpperCase()],
  ['base64', bytes.toString('base64')],
  ['base64url', bytes.toString('base64url')],
]

describe('a server that echoes a credential', () => {
  it('R-CRED-1: may tell one that was taken back, and no other', () => {
    const made = scrubber(VALUE, `${VALUE}-2`)
    made.remove(VALUE)
    expect(made.text(`${VALUE} ${VALUE}-2`)).toBe(`${VALUE} [secret:forge]`)
  })

  it.each(FORMS)('R-CRED-1: cannot tell it as %s', (_form, text) => {
    const told = scrubber(VALUE).text(`before ${text} after`)
    expect(told).toMatch(/^before \[secret:forge\]={0,2} after$/)
  })

  it('R-CRED-1: cannot tell it within any base64 text, wherever it begins in it', () => {
    for (let before = 0; before < 9; before += 1) {
      for (let after = 0; after < 6; after += 1) {
        const whole = Buffer.concat([randomBytes(before), bytes, randomBytes(after)])
        for (const encoding of ['base64', 'base64url'] as const) {
          const told = scrubber(VALUE).text(whole.toString(encoding))
          expect(told).toContain('[secret:forge]')
          const left = told.split('[secret:forge]').join('')
          // What is left decodes to nothing of it: at most what stood around it.
          expect(left.replaceAll('=', '').length).toBeLessThanOrEqual(Math.ceil(((before + after) * 8) / 6))
        }
      }
    }
  })

  it('R-CRED-1: cannot tell it as a name, a value or a number of a JSON result', () => {
    const digits = '8402915577310264'
    const told = scrubber(VALUE, digits).json({ [VALUE]: [{ deep: `x${VALUE}` }], n: Number(digits), ok: 1 })
    expect(told).toEqual({ '[secret:forge]': [{ deep: 'x[secret:forge]' }], n: '[secret:forge]', ok: 1 })
  })
})

describe('SecretScrubber', () => {
  it('R-CRED-1: finds every value among thousands, side by side and at both ends, and nothing else', () => {
    const values = Array.from({ length: 1000 }, (_, at) => `${at}-${randomBytes(12).toString('base64url')}`)
    const scrub = scrubber(...values)
    expect(scrub.text(values.join('')).replaceAll('[secret:forge]', '')).toBe('')
    const harmless = randomBytes(30_000).toString('hex')
    expect(scrub.text(harmless)).toBe(harmless)
  })

  it('R-CRED-1: prefers the longer of two values that begin alike', () => {
    const made = new SecretScrubber()
    made.add('abcdefgh', 'short')
    made.add('abcdefghijkl', 'long')
    expect(made.text('abcdefghijkl abcdefghij')).toBe('[secret:long] [secret:short]ij')
  })

  it('gives back what holds no secret, itself', () => {
    const made = scrubber(VALUE, 'another-value')
    const value = { a: ['b', { c: 1 }], d: null }
    expect(made.json(value)).toBe(value)
  })
})

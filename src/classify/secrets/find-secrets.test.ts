import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { findSecrets } from './find-secrets.ts'

function kinds(text: string): string[] {
  return findSecrets(text).map(({ kind }) => kind)
}

/** Joined here, so that no scanner takes this file for a leak. */
const joined = (...parts: string[]) => parts.join('')

describe('R-IFC-3: secrets are found where they stand', () => {
  test.each([
    ['github-pat', joined('ghp_', 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8')],
    ['aws-access-token', joined('AKIA', 'Z7Q3XJ5M2R4T6V2B')],
    ['url-credentials', joined('postgres://app:', 'k3J9xQ2mVt', '@db.example.com/x')],
    ['authorization-header', joined('Authorization: Basic ', 'YWRhOmsZSjl4UTJtVnQ4Wg==')],
    ['curl-auth-user', joined('curl -u ada:', 'k3J9xQ2mVt', ' https://a.test')],
    ['netrc-password', joined('machine a.test login ada password ', 'k3J9xQ2mVt')],
    ['figma-token', joined('figd_', 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8s9')],
    ['groq-api-key', joined('gsk_', 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8a1B2c3D4e5F6g7H8')],
    ['docker-token', joined('dckr_pat_', 'a1B2c3D4e5F6g7H8i9J0k1L2')],
    ['quoted-password', joined('password: "', 'k3J9xQ2mVt8Z', '"')],
  ])('%s', (kind, text) => {
    const found = findSecrets(`before ${text} after`)
    expect(found.map((find) => find.kind)).toContain(kind)
    for (const { start, end } of found) expect(end).toBeGreaterThan(start)
  })

  test('a private key is one find, from its first line to its last', () => {
    const body = Array.from({ length: 12 }, (_, at) => `MIIEvQIBADANBgkqhkiG9w0BAQEFAASC${at}Xy7`).join('\n')
    const text = `x\n-----BEGIN PRIVATE KEY-----\n${body}\n-----END PRIVATE KEY-----\ny`
    expect(findSecrets(text)).toHaveLength(1)
    expect(text.slice(findSecrets(text)[0]?.start, findSecrets(text)[0]?.end)).toContain(body)
  })

  test.each([
    'password = os.environ["PASSWORD"]',
    'password: ${DB_PASSWORD}',
    'api_key = "your-api-key-here"',
    'postgres://postgres:postgres@localhost:5432/app',
    'Authorization: Bearer <token>',
    'Authorization: Bearer $TOKEN',
    joined('ghp_', 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'),
    joined('AKIA', 'IOSFODNN7EXAMPLE'),
    'const tokenizer = createTokenizer(options)',
    'integrity: sha512-t3OptUArewg9OpYGDskTSlxhyLDahfmZ4d36hE44Efb1y3HRLLpzsVqwH',
    'see https://example.com/a:b/c@d',
    'commit 2c7da7d1f0e9b8a7c6d5e4f3a2b1c0d9e8f7a6b5',
  ])('%s is none', (text) => {
    expect(kinds(text)).toEqual([])
  })

  test('finds are in order, apart, and inside the text, whatever it is', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        'key=',
        'token: ',
        '://',
        ':',
        '@',
        'AKIA',
        '-----BEGIN ',
        'PRIVATE KEY-----',
        'curl -u ',
        'İ',
        '"',
      ),
      fc.stringMatching(/^[A-Za-z0-9+/]{8,40}$/),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        const text = pieces.join('')
        let last = 0
        for (const { start, end } of findSecrets(text)) {
          expect(start).toBeGreaterThanOrEqual(last)
          expect(end).toBeGreaterThan(start)
          expect(end).toBeLessThanOrEqual(text.length)
          last = end
        }
      }),
      { numRuns: 20_000 },
    )
  })

  test('no text makes the search run away', () => {
    const walls = [
      'key="',
      'a',
      'token=a',
      '-----BEGIN PRIVATE KEY-----',
      'curl -u ',
      '://a:',
      'eyJ',
      'data: ',
    ]
    for (const wall of walls) {
      const found = findSecrets(wall.repeat(Math.ceil(200_000 / wall.length)))
      expect(found.length).toBeLessThanOrEqual(500)
    }
  })
})

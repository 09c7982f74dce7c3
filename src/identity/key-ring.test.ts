import { expect, test } from 'vitest'
import { type KeyRing, livingKeys, rotateRing, signingKeyOf } from './key-ring.ts'

const OLD: KeyRing = [{ kid: 'a', pem: 'a', from: 0 }]
const TERMS = { overlap: 10, longest: 100, compromised: false }

const kids = (ring: KeyRing, now: number): string =>
  `${signingKeyOf(ring, now).kid}: ${livingKeys(ring, now)
    .map(({ kid }) => kid)
    .join()}`

test('R-ID-4: a new key is published before it signs, and the one before verifies what it signed to the end', () => {
  const ring = rotateRing(OLD, { kid: 'b', pem: 'b' }, { ...TERMS, now: 1_000 })
  expect([1_000, 1_009, 1_010, 1_109, 1_110].map((now) => kids(ring, now))).toEqual([
    'a: a,b',
    'a: a,b',
    'b: a,b',
    'b: a,b',
    'b: b',
  ])
})

test('R-ID-4: rotating again keeps each key for as long as it was promised, and forgets those that are over', () => {
  const twice = rotateRing(
    rotateRing(OLD, { kid: 'b', pem: 'b' }, { ...TERMS, now: 1_000 }),
    { kid: 'c', pem: 'c' },
    { ...TERMS, now: 1_005 },
  )
  expect([1_012, 1_015, 1_110, 1_115].map((now) => kids(twice, now))).toEqual([
    'b: a,b,c',
    'c: a,b,c',
    'c: b,c',
    'c: c',
  ])
  const later = rotateRing(twice, { kid: 'd', pem: 'd' }, { ...TERMS, now: 5_000 })
  expect(later.map(({ kid }) => kid)).toEqual(['c', 'd'])
})

test('R-SEC-1: of compromised keys nothing is left', () => {
  const ring = rotateRing(OLD, { kid: 'b', pem: 'b' }, { ...TERMS, now: 1_000, compromised: true })
  expect(kids(ring, 1_000)).toBe('b: b')
})

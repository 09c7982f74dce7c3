import { generateKeyPairSync, hash, sign, type KeyObject } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import { asRemitError } from '../core/errors.ts'
import type { Showing } from '../core/showing.ts'
import { HolderKey } from './holder-key.ts'
import { keyThumbprint } from './proof-key.ts'
import { ProofNonces } from './proof-nonce.ts'
import { createProofVerifier, type ProofVerifier } from './proof-verifier.ts'

const URL_ = 'https://gate.example/mcp'
const TOKEN = 'a.b.c'
const holder = HolderKey.make()

let now = 0
let verifier: ProofVerifier
let nonces: ProofNonces
const make = (more: { nonceRequired?: boolean; remembered?: number } = {}): ProofVerifier =>
  createProofVerifier({ now: () => now, nonces, nonceRequired: false, remembered: 1_000, ...more })

beforeEach(() => {
  now = 1_700_000_000_000
  nonces = new ProofNonces(Buffer.alloc(32, 1), () => now)
  verifier = make()
})

const prove = (more: Partial<Parameters<HolderKey['prove']>[0]> = {}): string =>
  holder.prove({ method: 'POST', url: URL_, now, token: TOKEN, ...more })

function check(proof: string | undefined, more: Partial<Showing> = {}, key = holder.thumbprint): string {
  const showing: Showing = { proof, method: 'POST', url: URL_, at: 'resource', ...more }
  try {
    return verifier.check(showing, { token: TOKEN, key })
  } catch (thrown) {
    return asRemitError(thrown).code
  }
}

/** A JWT of whatever parts, signed. */
function forge(
  key: KeyObject,
  parts: { readonly header?: object; readonly payload?: object; readonly digest?: 'sha256' | null },
): string {
  const { kty, crv, x, y } = key.export({ format: 'jwk' })
  const jwk = y === undefined ? { kty, crv, x } : { kty, crv, x, y }
  const header = { typ: 'dpop+jwt', alg: y === undefined ? 'EdDSA' : 'ES256', jwk, ...parts.header }
  const payload = {
    jti: 'one',
    htm: 'POST',
    htu: URL_,
    iat: now / 1_000,
    ath: hash('sha256', TOKEN, 'base64url'),
    ...parts.payload,
  }
  const text = [header, payload]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
  const options = { key, dsaEncoding: 'ieee-p1363' } as const
  const digest = parts.digest === undefined ? (y === undefined ? null : 'sha256') : parts.digest
  return `${text}.${sign(digest, Buffer.from(text), options).toString('base64url')}`
}

describe('R-ID-4: a proof of possession (DPoP)', () => {
  const ed = generateKeyPairSync('ed25519').privateKey
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
  const thumbprintOf = (key: KeyObject): string => {
    const { kty, crv, x, y } = key.export({ format: 'jwk' })
    return keyThumbprint(y === undefined ? { kty, crv, x } : { kty, crv, x, y }) ?? ''
  }

  test('is good for its key, method, URL and token, by Ed25519 and by P-256', () => {
    expect(check(prove())).toBe(holder.thumbprint)
    expect(check(forge(ed, {}), {}, thumbprintOf(ed))).toBe(thumbprintOf(ed))
    expect(check(forge(ec, {}), {}, thumbprintOf(ec))).toBe(thumbprintOf(ec))
    expect(check(prove({ url: `${URL_}?a=1#b` }))).toBe(holder.thumbprint)
  })

  test('thumbprints are those of RFC 8037 appendix A.3', () => {
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' }
    expect(keyThumbprint(jwk)).toBe('kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k')
  })

  test('this machine is one host under its three names', () => {
    const local = prove({ url: 'http://localhost:7410/mcp' })
    expect(check(local, { url: 'http://127.0.0.1:7410/mcp' })).toBe(holder.thumbprint)
    expect(check(prove({ url: 'http://localhost:7411/mcp' }), { url: 'http://127.0.0.1:7410/mcp' })).toBe(
      'proof_invalid',
    )
  })

  test.each<[string, () => string | undefined, string]>([
    ['none at all', () => undefined, 'proof_missing'],
    ['for another method', () => prove({ method: 'GET' }), 'proof_invalid'],
    ['for another path', () => prove({ url: `${URL_}/files` }), 'proof_invalid'],
    ['for another host', () => prove({ url: 'https://gate.example.evil/mcp' }), 'proof_invalid'],
    ['for another token', () => prove({ token: 'x.y.z' }), 'proof_invalid'],
    ['for no token', () => prove({ token: undefined }), 'proof_invalid'],
    ['a minute old', () => prove({ now: now - 61_000 }), 'proof_nonce'],
    ['from the future', () => prove({ now: now + 16_000 }), 'proof_nonce'],
    ['with a nonce of nobody', () => prove({ nonce: 'bm9uY2U' }), 'proof_nonce'],
    ['not signed', () => `${prove().split('.').slice(0, 2).join('.')}.`, 'proof_invalid'],
    ['changed', () => swapPayload(prove(), { htm: 'POST' }), 'proof_invalid'],
    ['two of them', () => `${prove()}, ${prove()}`, 'proof_invalid'],
    ['too long', () => prove({ nonce: 'x'.repeat(5_000) }), 'proof_invalid'],
  ])('%s is refused', (_what, proof, code) => {
    expect(check(proof())).toBe(code)
  })

  test.each<[string, Parameters<typeof forge>[1]]>([
    ['alg none', { header: { alg: 'none' } }],
    ['an algorithm with a shared secret', { header: { alg: 'HS256' } }],
    ['the algorithm of another key', { header: { alg: 'ES256' } }],
    ['another type', { header: { typ: 'JWT' } }],
    ['an extension that must be understood', { header: { crit: ['x'], x: 1 } }],
    ['its private key', { header: { jwk: ed.export({ format: 'jwk' }) } }],
    ['no key', { header: { jwk: undefined } }],
    ['a key in another spelling', { header: { jwk: { kty: 'OKP', crv: 'Ed25519', x: 'AA==' } } }],
    ['no id', { payload: { jti: undefined } }],
    ['an id that is no text', { payload: { jti: 1 } }],
    ['a time that is no number', { payload: { iat: '1' } }],
  ])('one with %s is refused', (_what, parts) => {
    expect(check(forge(ed, parts), {}, thumbprintOf(ed))).toBe('proof_invalid')
  })

  test('by another key than the one that is asked for is refused', () => {
    expect(check(forge(ed, {}))).toBe('proof_invalid')
  })

  test('is good once, and its id may be another key’s', () => {
    const proof = prove()
    expect([check(proof), check(proof)]).toEqual([holder.thumbprint, 'proof_invalid'])
    now += 59_000
    expect(check(proof)).toBe('proof_invalid')
    const twin = { payload: { jti: 'same' } }
    expect(check(forge(ed, twin), {}, thumbprintOf(ed))).toBe(thumbprintOf(ed))
    expect(check(forge(ec, twin), {}, thumbprintOf(ec))).toBe(thumbprintOf(ec))
  })

  test('when too many are remembered nobody is served rather than one forgotten', () => {
    verifier = make({ remembered: 2 })
    const first = prove()
    expect([check(first), check(prove()), check(prove()), check(first)]).toEqual([
      holder.thumbprint,
      holder.thumbprint,
      'overloaded',
      'proof_invalid',
    ])
    now += 300_000
    expect(check(prove())).toBe(holder.thumbprint)
  })

  test('where clocks differ the nonce of the gateway is its time', () => {
    const nonce = nonces.next()
    expect(check(prove({ now: now - 3_600_000, nonce }))).toBe(holder.thumbprint)
    now += 121_000
    expect(check(prove({ nonce }))).toBe('proof_nonce')
  })

  test('where a nonce is required the refusal brings one, and another replica’s is none', () => {
    verifier = make({ nonceRequired: true })
    const elsewhere = new ProofNonces(Buffer.alloc(32, 2), () => now).next()
    expect([check(prove()), check(prove({ nonce: elsewhere }))]).toEqual(['proof_nonce', 'proof_nonce'])
    expect(check(prove({ nonce: nonceOfRefusal() }))).toBe(holder.thumbprint)
  })

  test('at a token endpoint it need not name the token, and where it does it must be that one', () => {
    expect(check(prove({ token: undefined }), { at: 'token-endpoint' })).toBe(holder.thumbprint)
    expect(check(prove({ token: 'x.y.z' }), { at: 'token-endpoint' })).toBe('proof_invalid')
  })
})

function swapPayload(proof: string, change: object): string {
  const [header = '', payload = '', signature = ''] = proof.split('.')
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object
  const changed = Buffer.from(JSON.stringify({ ...claims, ...change, jti: 'new' })).toString('base64url')
  return [header, changed, signature].join('.')
}

function nonceOfRefusal(): string {
  const showing: Showing = { proof: prove(), method: 'POST', url: URL_, at: 'resource' }
  try {
    return verifier.check(showing, { token: TOKEN })
  } catch (thrown) {
    return asRemitError(thrown).data?.['nonce'] as string
  }
}

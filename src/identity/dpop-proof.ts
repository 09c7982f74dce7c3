import { hash, verify } from 'node:crypto'
import { RemitError } from '../core/errors.ts'
import type { ProofKey, ProofKeys } from './proof-key.ts'

/** What a genuine proof says (RFC 9449 §4.2). */
export interface Proof {
  readonly id: string
  readonly method: string
  readonly url: string
  /** Milliseconds since the epoch. */
  readonly made: number
  /** SHA-256 of the token in Base64url. */
  readonly tokenHash: string | undefined
  readonly nonce: string | undefined
  readonly thumbprint: string
}

const LONGEST = 4_096
const LONGEST_ID = 256
const ALGORITHMS: Readonly<Record<string, ProofKey['alg']>> = {
  EdDSA: 'EdDSA',
  Ed25519: 'EdDSA',
  ES256: 'ES256',
}

/**
 * A proof whose signature is that of the key it names; whether it is for this request, is asked elsewhere.
 * @param expected thumbprint of the only key that will do, so that no signature of another one is looked at.
 * @throws RemitError `proof_invalid`.
 */
export function readProof(text: string, keys: ProofKeys, expected: string | undefined): Proof {
  const [header = '', payload = '', signature = '', more] = text.split('.')
  if (text.length > LONGEST || more !== undefined) throw badProof('it is not one JWT of at most 4 KiB')
  const key = keyOf(partOf(header), keys)
  if (expected !== undefined && key.thumbprint !== expected) {
    throw badProof(
      'its key is not the one that holds the task (where that is lost: `remit task token … --release`)',
    )
  }
  const signed = Buffer.from(`${header}.${payload}`, 'latin1')
  const bytes = bytesOf(signature)
  const good =
    key.alg === 'EdDSA'
      ? verify(null, signed, key.key, bytes)
      : verify('sha256', signed, { key: key.key, dsaEncoding: 'ieee-p1363' }, bytes)
  if (!good) throw badProof('its signature is not that of the key it names')
  return claimsOf(partOf(payload), key.thumbprint)
}

function keyOf(header: Readonly<Record<string, unknown>>, keys: ProofKeys): ProofKey {
  const { typ, alg, jwk, crit } = header
  if (typ !== 'dpop+jwt') throw badProof('its `typ` is not `dpop+jwt`')
  if (crit !== undefined) throw badProof('its `crit` is not understood')
  const wanted = typeof alg === 'string' && Object.hasOwn(ALGORITHMS, alg) ? ALGORITHMS[alg] : undefined
  const key = keys.of(jwk)
  if (wanted === undefined || key?.alg !== wanted) {
    throw badProof('it must be signed with EdDSA (Ed25519) or ES256, by the public key in its `jwk`')
  }
  return key
}

function claimsOf(payload: Readonly<Record<string, unknown>>, thumbprint: string): Proof {
  const { jti, htm, htu, iat, ath, nonce } = payload
  if (typeof jti !== 'string' || jti === '' || jti.length > LONGEST_ID) throw badProof('it needs a `jti`')
  if (typeof htm !== 'string' || typeof htu !== 'string') throw badProof('it needs `htm` and `htu`')
  if (typeof iat !== 'number' || !Number.isFinite(iat)) throw badProof('it needs an `iat`')
  if (ath !== undefined && typeof ath !== 'string') throw badProof('its `ath` must be text')
  if (nonce !== undefined && typeof nonce !== 'string') throw badProof('its `nonce` must be text')
  return { id: jti, method: htm, url: htu, made: iat * 1_000, tokenHash: ath, nonce, thumbprint }
}

function partOf(part: string): Readonly<Record<string, unknown>> {
  let value: unknown
  try {
    value = JSON.parse(bytesOf(part).toString('utf8'))
  } catch (thrown) {
    if (thrown instanceof RemitError) throw thrown
  }
  if (typeof value !== 'object' || value === null) throw badProof('it is no JWT')
  return value as Readonly<Record<string, unknown>>
}

/** One spelling only (RFC 4648 §3.5). */
function bytesOf(part: string): Buffer {
  const bytes = Buffer.from(part, 'base64url')
  if (part === '' || bytes.toString('base64url') !== part) throw badProof('it is no JWT')
  return bytes
}

/** `ath` of a token. */
export function tokenHash(token: string): string {
  return hash('sha256', token, 'base64url')
}

export function badProof(why: string): RemitError {
  return new RemitError(
    'proof_invalid',
    `the \`DPoP\` proof is not good: ${why}; make a new one for each request`,
  )
}

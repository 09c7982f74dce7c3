import { createPublicKey, hash, type KeyObject } from 'node:crypto'

/** A key that a proof names, and what it is known by. */
export interface ProofKey {
  readonly key: KeyObject
  readonly alg: 'EdDSA' | 'ES256'
  /** RFC 7638, SHA-256. */
  readonly thumbprint: string
}

const REMEMBERED = 10_000
/** 32 bytes in Base64url. */
const COORDINATE = /^[\w-]{43}$/
const PRIVATE = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k']

/** Public keys by what their JWK says: making one of a JWK costs as much as checking a signature. */
export class ProofKeys {
  readonly #known = new Map<string, ProofKey>()

  /** Undefined = it is no public key of a kind that is taken: Ed25519, or P-256. */
  of(jwk: unknown): ProofKey | undefined {
    const named = canonicalJwk(jwk)
    if (named === undefined) return undefined
    const known = this.#known.get(named.text)
    if (known !== undefined) return known
    const made = makeKey(named)
    if (made !== undefined) {
      this.#known.set(named.text, made)
      const [oldest] = this.#known.keys()
      if (this.#known.size > REMEMBERED && oldest !== undefined) this.#known.delete(oldest)
    }
    return made
  }
}

/** RFC 7638 §3 of a public key as JWK; undefined = it is of no kind that is taken. */
export function keyThumbprint(jwk: unknown): string | undefined {
  const named = canonicalJwk(jwk)
  return named === undefined ? undefined : hash('sha256', named.text, 'base64url')
}

interface NamedJwk {
  /** Its required members in lexical order: what the thumbprint is made of. */
  readonly text: string
  readonly members: Readonly<Record<string, string>>
  readonly alg: ProofKey['alg']
}

function canonicalJwk(jwk: unknown): NamedJwk | undefined {
  if (typeof jwk !== 'object' || jwk === null) return undefined
  const given = jwk as Readonly<Record<string, unknown>>
  // A private key in a header is no secret any more, and nobody's proof.
  if (PRIVATE.some((member) => given[member] !== undefined)) return undefined
  const { kty, crv, x, y } = given
  if (typeof x !== 'string' || !COORDINATE.test(x)) return undefined
  if (kty === 'OKP' && crv === 'Ed25519') {
    return { text: `{"crv":"Ed25519","kty":"OKP","x":"${x}"}`, members: { kty, crv, x }, alg: 'EdDSA' }
  }
  if (kty === 'EC' && crv === 'P-256' && typeof y === 'string' && COORDINATE.test(y)) {
    const text = `{"crv":"P-256","kty":"EC","x":"${x}","y":"${y}"}`
    return { text, members: { kty, crv, x, y }, alg: 'ES256' }
  }
  return undefined
}

function makeKey({ text, members, alg }: NamedJwk): ProofKey | undefined {
  try {
    const key = createPublicKey({ key: { ...members }, format: 'jwk' })
    return { key, alg, thumbprint: hash('sha256', text, 'base64url') }
  } catch {
    return undefined
  }
}

import { createPrivateKey, generateKeyPairSync, randomUUID, sign, type KeyObject } from 'node:crypto'
import { RemitError } from '../core/errors.ts'
import { tokenHash } from './dpop-proof.ts'
import { keyThumbprint, type ProofKey } from './proof-key.ts'

/** A key that holds a task: it signs proofs (RFC 9449), and leaves this object only to be kept on disk. */
export class HolderKey {
  readonly #key: KeyObject
  readonly #alg: ProofKey['alg']
  readonly #header: string
  /** RFC 7638. */
  readonly thumbprint: string

  private constructor(key: KeyObject) {
    this.#key = key
    const { kty, crv, x, y } = key.export({ format: 'jwk' })
    const jwk = y === undefined ? { kty, crv, x } : { kty, crv, x, y }
    const thumbprint = keyThumbprint(jwk)
    if (thumbprint === undefined)
      throw new RemitError('key_unusable', 'the key is not one of P-256 or Ed25519')
    this.thumbprint = thumbprint
    this.#alg = kty === 'EC' ? 'ES256' : 'EdDSA'
    this.#header = encode({ typ: 'dpop+jwt', alg: this.#alg, jwk })
  }

  /** One of P-256: a gateway checks its proofs for two thirds of the CPU that those of Ed25519 take (`bench/proofs.ts`). */
  static make(): HolderKey {
    return new HolderKey(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey)
  }

  /** @throws RemitError `key_unusable`. */
  static fromPem(pem: string): HolderKey {
    try {
      return new HolderKey(createPrivateKey(pem))
    } catch (cause) {
      throw new RemitError('key_unusable', 'this is no private key of P-256 or Ed25519 in PEM', { cause })
    }
  }

  toPem(): string {
    return this.#key.export({ type: 'pkcs8', format: 'pem' })
  }

  /** A proof for one request. @param of `token` as it is sent with it; `now` in milliseconds since the epoch. */
  prove(of: {
    readonly method: string
    readonly url: string
    readonly now: number
    readonly token?: string | undefined
    readonly nonce?: string | undefined
  }): string {
    const url = new URL(of.url)
    const payload = encode({
      jti: randomUUID(),
      htm: of.method,
      htu: `${url.origin}${url.pathname}`,
      iat: Math.floor(of.now / 1_000),
      ...(of.token === undefined ? {} : { ath: tokenHash(of.token) }),
      ...(of.nonce === undefined ? {} : { nonce: of.nonce }),
    })
    const signed = `${this.#header}.${payload}`
    const bytes = Buffer.from(signed, 'latin1')
    const signature =
      this.#alg === 'EdDSA'
        ? sign(null, bytes, this.#key)
        : sign('sha256', bytes, { key: this.#key, dsaEncoding: 'ieee-p1363' })
    return `${signed}.${signature.toString('base64url')}`
  }
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

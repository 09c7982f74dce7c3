import { createPublicKey, hash, type KeyObject } from 'node:crypto'

import { RemitError } from '../core/errors.ts'

/** What a key is for (https://c2sp.org/signed-note#verifier-keys). */
export const ED25519 = 1
export const COSIGNATURE = 4
type Algorithm = typeof ED25519 | typeof COSIGNATURE

const KEY_ID_BYTES = 4
const KEY_BYTES = 32

/** A key as others are told of it, with the name that it signs under. */
export interface VerifierKey {
  readonly name: string
  readonly algorithm: Algorithm
  readonly key: KeyObject
}

/** Raw 32 bytes of an Ed25519 public key. @throws RemitError `key_unusable` for any other. */
function rawPublicKey(key: KeyObject): Uint8Array {
  const { x } = (key.type === 'private' ? createPublicKey(key) : key).export({ format: 'jwk' })
  if (key.asymmetricKeyType !== 'ed25519' || x === undefined) {
    throw new RemitError('key_unusable', 'checkpoints are signed with an Ed25519 key; give one')
  }
  return Buffer.from(x, 'base64url')
}

/** First four bytes of SHA-256(name ‖ 0x0A ‖ algorithm ‖ key), https://c2sp.org/signed-note#signatures. */
export function keyId(name: string, key: KeyObject, algorithm: Algorithm = ED25519): Uint8Array {
  const preimage = Buffer.concat([Buffer.from(`${name}\n`), Buffer.of(algorithm), rawPublicKey(key)])
  return hash('sha256', preimage, 'buffer').subarray(0, KEY_ID_BYTES)
}

/** `<name>+<key id in hex>+<base64(algorithm ‖ key)>`. */
export function verifierKeyText(name: string, key: KeyObject): string {
  const id = Buffer.from(keyId(name, key)).toString('hex')
  return `${name}+${id}+${Buffer.concat([Buffer.of(ED25519), rawPublicKey(key)]).toString('base64')}`
}

const TEXT = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]{44})$/u

/** @returns undefined = not a verifier key of an algorithm that is known here, or its id is not its own. */
export function readVerifierKey(text: string): VerifierKey | undefined {
  const [, name, id, encoded] = TEXT.exec(text) ?? []
  if (name === undefined || encoded === undefined) return undefined
  const bytes = Buffer.from(encoded, 'base64')
  const [algorithm] = bytes
  if (bytes.length !== KEY_BYTES + 1 || (algorithm !== ED25519 && algorithm !== COSIGNATURE)) return undefined
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: bytes.subarray(1).toString('base64url') }
  const key = createPublicKey({ key: jwk, format: 'jwk' })
  return Buffer.from(keyId(name, key, algorithm)).toString('hex') === id
    ? { name, algorithm, key }
    : undefined
}

export function sameKey(a: KeyObject, b: KeyObject): boolean {
  return Buffer.compare(rawPublicKey(a), rawPublicKey(b)) === 0
}

import { createPublicKey, type KeyObject } from 'node:crypto'
import { RemitError } from '../core/errors.ts'
import { isJsonObject, type Json } from '../core/json.ts'

/** An ECDSA P-256 public key, coordinates in base64url (RFC 7518 section 6.2). */
export interface RequestKey {
  readonly x: string
  readonly y: string
}

const COORDINATE = /^[\w-]{43}$/

/** @param value a JWK as a browser exports it. @throws RemitError `signature_invalid` for any other kind of key. */
export function readRequestKey(value: Json | undefined): RequestKey {
  if (isJsonObject(value) && value['kty'] === 'EC' && value['crv'] === 'P-256' && value['d'] === undefined) {
    const { x, y } = value
    if (typeof x === 'string' && typeof y === 'string' && COORDINATE.test(x) && COORDINATE.test(y)) {
      const key = { x, y }
      // A point that is not on the curve is no key.
      toPublicKey(key)
      return key
    }
  }
  throw new RemitError('signature_invalid', '`key` must be a public ECDSA key on P-256 as a JWK')
}

export function toPublicKey({ x, y }: RequestKey): KeyObject {
  try {
    return createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' })
  } catch (cause) {
    throw new RemitError('signature_invalid', '`key` is no point of P-256', { cause })
  }
}

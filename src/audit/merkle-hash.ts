import { hash } from 'node:crypto'

export const HASH_BYTES = 32

/** Root of a tree without leaves: SHA-256 of nothing (RFC 9162 §2.1.1). */
export const EMPTY_ROOT: Uint8Array = hash('sha256', '', 'buffer')

/** What the first record of a writer names as its previous leaf. */
export const NO_LEAF = '0'.repeat(HASH_BYTES * 2)

const joined = new Uint8Array(1 + 2 * HASH_BYTES)
joined[0] = 1

/** SHA-256(0x00 ‖ bytes), RFC 9162 §2.1.1. Text is hashed as UTF-8. */
export function hashLeaf(body: string | Uint8Array): Uint8Array {
  if (typeof body === 'string') return hash('sha256', `\0${body}`, 'buffer')
  const bytes = new Uint8Array(1 + body.length)
  bytes.set(body, 1)
  return hash('sha256', bytes, 'buffer')
}

/** SHA-256(0x01 ‖ left ‖ right), RFC 9162 §2.1.1. */
export function hashNode(left: Uint8Array, right: Uint8Array): Uint8Array {
  joined.set(left, 1)
  joined.set(right, 1 + HASH_BYTES)
  return hash('sha256', joined, 'buffer')
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0
}

export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')
}

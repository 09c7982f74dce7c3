import { createPublicKey, hash, sign, verify, type KeyObject } from 'node:crypto'

import { RemitError } from '../core/errors.ts'
import { HASH_BYTES } from './merkle-hash.ts'

/** A tree head: what a checkpoint says and signs. */
export interface TreeHead {
  readonly origin: string
  readonly size: number
  readonly root: Uint8Array
}

/** First line of every checkpoint of this tenant's ledger, and the name of the key that signs it. */
export function checkpointOrigin(tenant: string): string {
  return `remit/${tenant}`
}

const ED25519 = 1
const KEY_ID_BYTES = 4
const SIGNATURE_BYTES = 64

/** Raw 32 bytes of an Ed25519 public key. */
function rawPublicKey(key: KeyObject): Uint8Array {
  const { x } = (key.type === 'private' ? createPublicKey(key) : key).export({ format: 'jwk' })
  if (key.asymmetricKeyType !== 'ed25519' || x === undefined) {
    throw new RemitError('key_unusable', 'checkpoints are signed with an Ed25519 key; give one')
  }
  return Buffer.from(x, 'base64url')
}

/** First four bytes of SHA-256(name ‖ 0x0A ‖ 0x01 ‖ key), https://c2sp.org/signed-note#signatures. */
function keyId(name: string, key: KeyObject): Uint8Array {
  const preimage = Buffer.concat([Buffer.from(`${name}\n`), Buffer.of(ED25519), rawPublicKey(key)])
  return hash('sha256', preimage, 'buffer').subarray(0, KEY_ID_BYTES)
}

function headText(head: TreeHead): string {
  return `${head.origin}\n${head.size}\n${Buffer.from(head.root).toString('base64')}\n`
}

function signatureLine(name: string, id: Uint8Array, signature: Uint8Array): string {
  return `— ${name} ${Buffer.concat([id, signature]).toString('base64')}\n`
}

/** A checkpoint (https://c2sp.org/tlog-checkpoint) as a signed note (https://c2sp.org/signed-note). */
export function signCheckpoint(head: TreeHead, privateKey: KeyObject): string {
  const text = headText(head)
  const signature = sign(null, Buffer.from(text), privateKey)
  return `${text}\n${signatureLine(head.origin, keyId(head.origin, privateKey), signature)}`
}

export type CheckpointCheck =
  | { readonly ok: true; readonly head: TreeHead }
  | { readonly ok: false; readonly reason: 'malformed' | 'foreign-key' | 'bad-signature' }

const NOTE = /^([^\n]+)\n(0|[1-9]\d{0,15})\n([A-Za-z0-9+/]{43}=)\n\n— ([^ \n]+) ([A-Za-z0-9+/]{91}=)\n$/u

/**
 * Takes a checkpoint apart, strictly: the note must be, byte for byte, what `signCheckpoint` writes for these
 * values, so that no two spellings of one base64 value pass.
 */
export function verifyCheckpoint(note: string, publicKey: KeyObject): CheckpointCheck {
  const match = NOTE.exec(note)
  if (match === null) return { ok: false, reason: 'malformed' }
  const [, origin = '', size, root = '', name = '', signed = ''] = match
  const head = { origin, size: Number(size), root: Buffer.from(root, 'base64') }
  const bytes = Buffer.from(signed, 'base64')
  const id = bytes.subarray(0, KEY_ID_BYTES)
  const signature = bytes.subarray(KEY_ID_BYTES)
  const wellFormed =
    name === origin &&
    head.root.length === HASH_BYTES &&
    signature.length === SIGNATURE_BYTES &&
    Number.isSafeInteger(head.size) &&
    `${headText(head)}\n${signatureLine(name, id, signature)}` === note
  if (!wellFormed) return { ok: false, reason: 'malformed' }
  if (Buffer.compare(id, keyId(name, publicKey)) !== 0) return { ok: false, reason: 'foreign-key' }
  if (!verify(null, Buffer.from(headText(head)), publicKey, signature)) {
    return { ok: false, reason: 'bad-signature' }
  }
  return { ok: true, head }
}

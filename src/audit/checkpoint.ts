import { sign, verify, type KeyObject } from 'node:crypto'

import { HASH_BYTES } from './merkle-hash.ts'
import { keyId } from './verifier-key.ts'

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

const KEY_ID_BYTES = 4
const SIGNATURE_BYTES = 64
const MOST_LINES = 16

function headText(head: TreeHead): string {
  return `${head.origin}\n${head.size}\n${Buffer.from(head.root).toString('base64')}\n`
}

function signatureLine(name: string, bytes: Uint8Array): string {
  return `— ${name} ${Buffer.from(bytes).toString('base64')}\n`
}

/**
 * A checkpoint (https://c2sp.org/tlog-checkpoint) as a signed note (https://c2sp.org/signed-note).
 * @param keys one; or, where a key takes the place of another, both.
 */
export function signCheckpoint(head: TreeHead, ...keys: readonly KeyObject[]): string {
  const text = headText(head)
  const lines = keys.map((key) => {
    const signature = sign(null, Buffer.from(text), key)
    return signatureLine(head.origin, Buffer.concat([keyId(head.origin, key), signature]))
  })
  return `${text}\n${lines.join('')}`
}

/** A line under a note, taken apart and not checked yet. */
export interface NoteSignature {
  readonly name: string
  readonly id: Uint8Array
  readonly signature: Uint8Array
}

interface ParsedCheckpoint {
  readonly head: TreeHead
  /** The bytes that are signed. */
  readonly text: string
  readonly signatures: readonly NoteSignature[]
}

const NOTE = /^([^\n]+)\n(0|[1-9]\d{0,15})\n([A-Za-z0-9+/]{43}=)\n\n((?:— [^ \n]+ [A-Za-z0-9+/]+={0,2}\n)+)$/u

/**
 * Takes a checkpoint apart, strictly: the note must be, byte for byte, what is written for these values, so that no two
 * spellings of one base64 value pass.
 */
export function parseCheckpoint(note: string): ParsedCheckpoint | undefined {
  const match = NOTE.exec(note)
  if (match === null) return undefined
  const [, origin = '', size, root = '', signed = ''] = match
  const head = { origin, size: Number(size), root: Buffer.from(root, 'base64') }
  const signatures = signed
    .split('\n')
    .slice(0, -1)
    .map((line) => {
      const [, name = '', encoded = ''] = line.split(' ')
      const bytes = Buffer.from(encoded, 'base64')
      return { name, id: bytes.subarray(0, KEY_ID_BYTES), signature: bytes.subarray(KEY_ID_BYTES) }
    })
  const text = headText(head)
  const again = signatures.map(({ name, id, signature }) =>
    signatureLine(name, Buffer.concat([id, signature])),
  )
  const wellFormed =
    head.root.length === HASH_BYTES &&
    Number.isSafeInteger(head.size) &&
    signatures.length <= MOST_LINES &&
    `${text}\n${again.join('')}` === note
  return wellFormed ? { head, text, signatures } : undefined
}

export type CheckpointCheck =
  | {
      readonly ok: true
      readonly head: TreeHead
      /** Those of the keys that signed it. */
      readonly by: readonly KeyObject[]
      /** Its origin also signed with a key that is not among those given. */
      readonly strange: boolean
      /** Lines under other names: of witnesses, and not looked at. */
      readonly others: number
    }
  | { readonly ok: false; readonly reason: 'malformed' | 'foreign-key' | 'bad-signature' }

/**
 * Whether a checkpoint is signed with one of these keys, and with none of them wrongly. Lines under other names, which
 * are of witnesses, are not looked at.
 */
export function verifyCheckpoint(note: string, keys: KeyObject | readonly KeyObject[]): CheckpointCheck {
  const parsed = parseCheckpoint(note)
  if (parsed === undefined) return { ok: false, reason: 'malformed' }
  const { head, text, signatures } = parsed
  const own = signatures.filter(({ name }) => name === head.origin)
  if (own.length === 0 || own.some(({ signature }) => signature.length !== SIGNATURE_BYTES)) {
    return { ok: false, reason: 'malformed' }
  }
  const known = 'type' in keys ? [keys] : keys
  const by: KeyObject[] = []
  for (const { id, signature } of own) {
    const key = known.find((each) => Buffer.compare(keyId(head.origin, each), id) === 0)
    if (key === undefined) continue
    if (!verify(null, Buffer.from(text), key, signature)) return { ok: false, reason: 'bad-signature' }
    by.push(key)
  }
  if (by.length === 0) return { ok: false, reason: 'foreign-key' }
  return { ok: true, head, by, strange: by.length < own.length, others: signatures.length - own.length }
}

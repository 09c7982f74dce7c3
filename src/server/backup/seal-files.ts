import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from 'node:crypto'
import { z } from 'zod'
import { RemitError } from '../../core/errors.ts'
import type { SealedEntry } from './backup-format.ts'

/** What only who has the passphrase may read: a file’s path in the state folder, and its bytes. */
export interface PrivateFile {
  readonly path: string
  readonly content: Uint8Array
}

/** 128 MiB of memory, and a third of a second, for each guess. RFC 7914; OWASP Password Storage, 2026. */
const COST = { n: 131_072, r: 8, p: 1 } as const
const MAX_MEMORY = 268_435_456
const KEY_BYTES = 32
const SALT_BYTES = 16
const NONCE_BYTES = 12

export const SHORTEST_PASSPHRASE = 12

const plain = z.strictObject({
  /** Of all lines before, so that who has the passphrase knows that nobody else changed them. */
  before: z.string(),
  files: z.array(z.strictObject({ path: z.string().min(1).max(1000), content: z.base64() })),
})

/**
 * @param before digest of what stands before it in the backup.
 * @throws RemitError `input_invalid` for a passphrase that is too short.
 */
export function sealFiles(files: readonly PrivateFile[], before: string, passphrase: string): SealedEntry {
  if (passphrase.length < SHORTEST_PASSPHRASE) {
    throw new RemitError('input_invalid', `a passphrase has ${SHORTEST_PASSPHRASE} characters at least`)
  }
  const text = JSON.stringify({
    before,
    files: files.map(({ path, content }) => ({ path, content: Buffer.from(content).toString('base64') })),
  })
  const salt = randomBytes(SALT_BYTES)
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', keyOf(passphrase, salt), nonce)
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return {
    kdf: 'scrypt',
    ...COST,
    cipher: 'aes-256-gcm',
    salt: salt.toString('base64'),
    nonce: nonce.toString('base64'),
    tag: cipher.getAuthTag().toString('base64'),
    text: sealed.toString('base64'),
  }
}

/** @throws RemitError `backup_unusable` for another passphrase, or a backup that somebody changed. */
export function openFiles(sealed: SealedEntry, before: string, passphrase: string): readonly PrivateFile[] {
  const bytes = (text: string): Buffer => Buffer.from(text, 'base64')
  const key = keyOf(passphrase, bytes(sealed.salt))
  const decipher = createDecipheriv('aes-256-gcm', key, bytes(sealed.nonce))
  decipher.setAuthTag(bytes(sealed.tag))
  let text: string
  try {
    text = Buffer.concat([decipher.update(bytes(sealed.text)), decipher.final()]).toString('utf8')
  } catch (cause) {
    throw new RemitError(
      'backup_unusable',
      'the keys in the backup are sealed under another passphrase; nothing was changed',
      { cause },
    )
  }
  const opened = plain.parse(JSON.parse(text))
  if (opened.before !== before) {
    throw new RemitError(
      'backup_unusable',
      'the backup was changed by somebody who does not have its passphrase; nothing was changed here',
    )
  }
  return opened.files.map(({ path, content }) => ({ path, content: bytes(content) }))
}

function keyOf(passphrase: string, salt: Uint8Array): Buffer {
  const { n: N, r, p } = COST
  return scryptSync(passphrase.normalize('NFKC'), salt, KEY_BYTES, { N, r, p, maxmem: MAX_MEMORY })
}

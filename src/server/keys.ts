import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto'
import { join } from 'node:path'
import { RemitError } from '../core/errors.ts'
import { type KeyFiles, PLAIN_KEY_FILES } from './custody/key-files.ts'
import { readPrivateFile, writePrivateFile } from './private-file.ts'

/** The gateway's own keys. Losing one is named in `docs/keys.md`; none is ever sent anywhere. */
export interface Keys {
  /** Ed25519: signs task tokens, until another takes its place. */
  readonly taskToken: KeyPair
  /** Ed25519: signs the ledger's checkpoints. */
  readonly checkpoint: KeyPair
  /** 32 bytes for the AEAD around `requestState`. */
  readonly requestState: Uint8Array
}

export interface KeyPair {
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}

const AEAD_BYTES = 32
/** File of the key that signs checkpoints; its public half verifies them. */
export const CHECKPOINT_KEY = 'checkpoint.pem'
/** Its public half, where the other one is sealed. */
export const CHECKPOINT_PUBLIC_KEY = 'checkpoint-public.pem'
/** File of the key that is to take its place; there only while a change is under way. */
export const NEXT_CHECKPOINT_KEY = 'checkpoint.next.pem'
/** File of the public keys that signed checkpoints before it, one verifier key a line. */
export const FORMER_CHECKPOINT_KEYS = 'checkpoint-former.keys'

/**
 * Reads the keys, making those that are missing on the first start.
 * @param folder absolute path, mode 0700.
 * @param files where they lie; default as they are.
 * @throws RemitError `key_unusable` when a key can be read by others, cannot be read, or is no such key.
 */
export function loadKeys(folder: string, files: KeyFiles = PLAIN_KEY_FILES): Keys {
  const checkpoint = signingKey(files, join(folder, CHECKPOINT_KEY))
  if (files.sealed) writePublicHalf(join(folder, CHECKPOINT_PUBLIC_KEY), checkpoint)
  return {
    taskToken: signingKey(files, taskTokenFile(folder)),
    checkpoint,
    requestState: symmetricKey(files, join(folder, 'request-state.key')),
  }
}

/** So that a ledger is verified without its key’s keeper. */
function writePublicHalf(path: string, { publicKey }: KeyPair): void {
  const pem = publicKey.export({ type: 'spki', format: 'pem' })
  if (readPrivateFile(path, 'key_unusable')?.toString('utf8') !== pem) writePrivateFile(path, pem)
}

export function taskTokenFile(folder: string): string {
  return join(folder, 'task-token.pem')
}

function signingKey(files: KeyFiles, path: string): KeyPair {
  const pem = files.read(path)
  if (pem !== undefined) return parseSigningKey(path, pem)
  const pair = generateKeyPairSync('ed25519')
  files.write(path, pair.privateKey.export({ type: 'pkcs8', format: 'pem' }))
  return pair
}

function parseSigningKey(path: string, pem: Buffer): KeyPair {
  let privateKey: KeyObject
  try {
    privateKey = createPrivateKey(pem)
  } catch (cause) {
    throw unusable(path, 'an Ed25519 private key in PEM', cause)
  }
  if (privateKey.asymmetricKeyType !== 'ed25519') throw unusable(path, 'an Ed25519 private key in PEM')
  return { privateKey, publicKey: createPublicKey(privateKey) }
}

function symmetricKey(files: KeyFiles, path: string): Uint8Array {
  const text = files.read(path)
  if (text === undefined) {
    const key = randomBytes(AEAD_BYTES)
    files.write(path, `${key.toString('base64')}\n`)
    return key
  }
  const key = Buffer.from(text.toString('ascii').trim(), 'base64')
  if (key.length !== AEAD_BYTES) throw unusable(path, '32 bytes in base64')
  return key
}

function unusable(path: string, expected: string, cause?: unknown): RemitError {
  return new RemitError(
    'key_unusable',
    `\`${path}\` does not hold ${expected}; restore it from a backup, or move it away to have a new one made`,
    { cause },
  )
}

import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { RemitError } from '../core/errors.ts'
import { type MasterKey, masterKey } from '../credentials/seal-secret.ts'
import type { Environ } from './load-config.ts'
import { type KeyFiles, PLAIN_KEY_FILES } from './custody/key-files.ts'

const BYTES = 32

/**
 * The key that seals secrets, then those that only open what was sealed before. The first of `REMIT_SECRETS_KEY`,
 * the file that `REMIT_SECRETS_KEY_FILE` names and `<keys>/secrets.key` counts; that file is made where there is none.
 * Older keys are in `REMIT_SECRETS_KEY_OLD`, separated by commas, and `<keys>/secrets.key.old`.
 * @throws RemitError `key_unusable`.
 */
export function loadSecretKeys(
  folder: string,
  environ: Environ,
  files: KeyFiles = PLAIN_KEY_FILES,
): readonly [MasterKey, ...MasterKey[]] {
  const file = join(folder, 'secrets.key')
  const older = (environ['REMIT_SECRETS_KEY_OLD'] ?? '').split(',').filter((text) => text.trim() !== '')
  const old = readKey(`${file}.old`, files)
  return [
    givenKey(environ) ?? readKey(file, files) ?? makeKey(file, files),
    ...older.map((text) => parseKey(text, 'REMIT_SECRETS_KEY_OLD')),
    ...(old === undefined ? [] : [old]),
  ]
}

function givenKey(environ: Environ): MasterKey | undefined {
  const text = environ['REMIT_SECRETS_KEY'] ?? ''
  if (text !== '') return parseKey(text, 'REMIT_SECRETS_KEY')
  const path = environ['REMIT_SECRETS_KEY_FILE'] ?? ''
  if (path === '') return undefined
  const key = readKey(path, PLAIN_KEY_FILES)
  // Another key in its place would lock everybody out of what the right one sealed.
  if (key === undefined) {
    throw new RemitError(
      'key_unusable',
      `REMIT_SECRETS_KEY_FILE names \`${path}\`, and there is no such file; put the key of the encrypted store there`,
    )
  }
  return key
}

function readKey(path: string, files: KeyFiles): MasterKey | undefined {
  const bytes = files.read(path)
  return bytes === undefined ? undefined : parseKey(bytes.toString('ascii'), `\`${path}\``)
}

function makeKey(path: string, files: KeyFiles): MasterKey {
  const bytes = randomBytes(BYTES)
  files.write(path, `${bytes.toString('base64')}\n`)
  return masterKey(bytes)
}

function parseKey(text: string, where: string): MasterKey {
  const bytes = Buffer.from(text.trim(), 'base64')
  if (bytes.length === BYTES) return masterKey(bytes)
  throw new RemitError(
    'key_unusable',
    `${where} does not hold ${BYTES} bytes in base64; make a key with \`openssl rand -base64 32\`, or restore the one that sealed the secrets`,
  )
}

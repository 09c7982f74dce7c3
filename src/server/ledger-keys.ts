import { createPublicKey, type KeyObject } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { readVerifierKey } from '../audit/verifier-key.ts'
import { RemitError } from '../core/errors.ts'
import { CHECKPOINT_KEY, CHECKPOINT_PUBLIC_KEY, FORMER_CHECKPOINT_KEYS } from './keys.ts'
import { readPrivateFile } from './private-file.ts'
import type { StateFolder } from './state-folder.ts'

/** The public half of the key in a state folder; undefined = there is none. @throws RemitError `key_unusable`. */
export function ownLedgerKey(state: StateFolder): KeyObject | undefined {
  for (const name of [CHECKPOINT_KEY, CHECKPOINT_PUBLIC_KEY]) {
    const path = join(state.keys, name)
    const key = readKey(path, () => readPrivateFile(path, 'key_unusable'))
    if (key !== undefined) return key
  }
  return undefined
}

/** Keys that signed before it, as the state folder remembers them. @throws RemitError `key_unusable`. */
export function formerLedgerKeys(state: Pick<StateFolder, 'keys'>): readonly KeyObject[] {
  const path = join(state.keys, FORMER_CHECKPOINT_KEYS)
  return existsSync(path) ? verifierKeysIn(path, readFileSync(path, 'utf8')) : []
}

/** Keys that somebody names: in PEM, or verifier keys, one a line. @throws RemitError `key_unusable`. */
export function namedLedgerKeys(cwd: string, files: readonly string[]): readonly KeyObject[] {
  return files.flatMap((file) => {
    const path = resolve(cwd, file)
    if (!existsSync(path)) throw unusable(path)
    const text = readFileSync(path, 'utf8')
    if (!text.includes('-----BEGIN')) return verifierKeysIn(path, text)
    return readKey(path, () => Buffer.from(text)) ?? []
  })
}

function verifierKeysIn(path: string, text: string): readonly KeyObject[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  return lines.map((line) => readVerifierKey(line.trim())?.key ?? fail(path))
}

function readKey(path: string, read: () => Buffer | undefined): KeyObject | undefined {
  try {
    const pem = read()
    return pem === undefined ? undefined : createPublicKey(pem)
  } catch (cause) {
    if (cause instanceof RemitError) throw cause
    throw unusable(path, cause)
  }
}

function fail(path: string): never {
  throw unusable(path)
}

function unusable(path: string, cause?: unknown): RemitError {
  return new RemitError(
    'key_unusable',
    `\`${path}\` does not hold a key in PEM, or verifier keys, one a line`,
    {
      cause,
    },
  )
}

import { randomBytes } from 'node:crypto'
import { RemitError } from '../core/errors.ts'
import { readPrivateFile, writePrivateFile } from './private-file.ts'

const PREFIX = 'remit_local_'
const FORM = /^remit_local_[A-Za-z0-9_-]{43}$/

/**
 * The credential that `remit` itself reads from disk: makes and revokes tasks and reads, never approves. Made
 * on first use, mode 0600.
 * @throws RemitError `key_unusable` when others can read it or it is not one of ours.
 */
export function loadLocalCredential(path: string): string {
  const found = readLocalCredential(path)
  if (found !== undefined) return found
  const made = PREFIX + randomBytes(32).toString('base64url')
  writePrivateFile(path, `${made}\n`)
  return made
}

/** The same without making one: what the command line presents. @throws RemitError `key_unusable`. */
export function readLocalCredential(path: string): string | undefined {
  const text = readPrivateFile(path, 'key_unusable')?.toString('utf8').trim()
  if (text === undefined || FORM.test(text)) return text
  throw new RemitError(
    'key_unusable',
    `\`${path}\` does not hold a local credential; remove it and start the gateway again`,
  )
}

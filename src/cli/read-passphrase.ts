import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { RemitError } from '../core/errors.ts'
import { type Flag, type Invocation, textFlag } from './command.ts'
import { promptSecret } from './prompt-secret.ts'

export const PASSPHRASE_FLAG: Flag = {
  name: 'passphrase-file',
  takes: 'file',
  offers: 'files',
  summary: 'file with the passphrase of its keys (else REMIT_BACKUP_PASSPHRASE, else asked)',
}

/** From a file, the environment or a hidden prompt; never from an argument, which others could read. */
export async function readPassphrase(invocation: Invocation): Promise<string> {
  const { cwd, environ } = invocation.io
  const file = textFlag(invocation, 'passphrase-file')
  if (file !== undefined) {
    try {
      return readFileSync(resolve(cwd, file), 'utf8').replace(/\r?\n$/, '')
    } catch (cause) {
      throw new RemitError('input_invalid', `the passphrase file \`${file}\` cannot be read`, { cause })
    }
  }
  const given = environ['REMIT_BACKUP_PASSPHRASE'] ?? ''
  if (given !== '') return given
  return promptSecret(
    'passphrase of the keys in the backup: ',
    'keys in a backup need a passphrase; set REMIT_BACKUP_PASSPHRASE, or give --passphrase-file',
  )
}

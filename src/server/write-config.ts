import {
  chmodSync,
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { randomBytes } from 'node:crypto'
import { basename, dirname, join } from 'node:path'
import { RemitError } from '../core/errors.ts'

/** Nobody else reads a file that is made here. */
const MODE = 0o600

/**
 * Puts a text in the place of another in one step, with the same mode; behind a link, in the place of what it leads to.
 * @param before what the text was made from; undefined = there was no file.
 * @throws RemitError `config_invalid` when the file changed meanwhile, or cannot be written.
 */
export function writeConfig(file: string, before: string | undefined, after: string): void {
  const target = before === undefined ? file : realpathSync(file)
  const temporary = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}`)
  try {
    const mode = before === undefined ? MODE : statSync(target).mode & 0o777
    writeDurably(temporary, after, mode)
    if (readIfThere(target) !== before) {
      throw new RemitError('config_invalid', `\`${file}\` changed meanwhile; nothing was written, try again`)
    }
    renameSync(temporary, target)
  } catch (thrown) {
    rmSync(temporary, { force: true })
    if (thrown instanceof RemitError) throw thrown
    const code = (thrown as NodeJS.ErrnoException).code ?? 'unknown'
    throw new RemitError('config_invalid', `\`${file}\` cannot be written (${code}); nothing was changed`, {
      cause: thrown,
    })
  }
}

/** A new file, on disk when this returns, with exactly this mode. */
export function writeDurably(file: string, text: string, mode: number): void {
  const handle = openSync(file, 'wx', mode)
  try {
    writeFileSync(handle, text)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
  // The process's own mask does not count.
  chmodSync(file, mode)
}

/** @throws RemitError `config_invalid` when it is there and cannot be read. */
export function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown'
    if (code === 'ENOENT') return undefined
    throw new RemitError('config_invalid', `the file \`${file}\` cannot be read (${code})`, { cause })
  }
}

import {
  chmodSync,
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { randomBytes } from 'node:crypto'
import { RemitError } from '../core/errors.ts'
import type { ErrorCode } from '../core/error-codes.ts'

const HAS_MODES = process.platform !== 'win32'
/** A link could name a file that somebody else may write. */
const READ_FLAGS = constants.O_RDONLY | (HAS_MODES ? constants.O_NOFOLLOW : 0)

/**
 * The bytes of a file that only its owner can read; undefined when there is none.
 * @throws RemitError with `code` when others can read it, it is a link or no file, or it cannot be read; the
 * message says how to mend it.
 */
export function readPrivateFile(path: string, code: ErrorCode): Buffer | undefined {
  let handle: number
  try {
    handle = openSync(path, READ_FLAGS)
  } catch (cause) {
    const found = (cause as NodeJS.ErrnoException).code
    if (found === 'ENOENT') return undefined
    const why = found === 'ELOOP' ? 'is a symbolic link' : `cannot be opened (${found ?? 'unknown'})`
    throw new RemitError(code, `\`${path}\` ${why}; put the file itself there, readable by you`, { cause })
  }
  try {
    const stat = fstatSync(handle)
    if (!stat.isFile()) throw new RemitError(code, `\`${path}\` is not a file; move it away`)
    if (HAS_MODES && (stat.mode & 0o077) !== 0) {
      const mode = (stat.mode & 0o777).toString(8)
      throw new RemitError(code, `others can read \`${path}\` (mode ${mode}); run \`chmod 600 ${path}\``)
    }
    return readFileSync(handle)
  } finally {
    closeSync(handle)
  }
}

/** Writes the whole file durably or not at all, mode 0600. */
export function writePrivateFile(path: string, content: string | Uint8Array): void {
  const temporary = writeTemporary(path, content)
  try {
    renameSync(temporary, path)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}

/** The same for a file that is not there yet. @returns false = it is, and stays as it was. */
export function createPrivateFile(path: string, content: string | Uint8Array): boolean {
  const temporary = writeTemporary(path, content)
  try {
    linkSync(temporary, path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    rmSync(temporary, { force: true })
  }
}

function writeTemporary(path: string, content: string | Uint8Array): string {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.new`
  const handle = openSync(temporary, 'wx', 0o600)
  try {
    writeFileSync(handle, content)
    fsyncSync(handle)
    if (HAS_MODES) chmodSync(temporary, 0o600)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  } finally {
    closeSync(handle)
  }
  return temporary
}

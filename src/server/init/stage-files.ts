import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { RemitError } from '../../core/errors.ts'
import { writeDurably } from '../write-config.ts'

/** A file as it is and as it is to be; undefined = there is, or is to be, none. */
export interface FileSwap {
  /** Absolute, and no link. */
  readonly path: string
  readonly before: string | undefined
  readonly after: string | undefined
  readonly mode: number
}

/** Files that lie ready beside those whose place they are to take. */
export interface StagedFiles {
  /** All of them, or none. @throws RemitError `config_invalid`. */
  swap(): void
  /** What was swapped goes back, as far as nobody wrote meanwhile. */
  undo(): void
  /** What lies ready goes away. */
  drop(): void
}

/**
 * Writes everything that is to be, beside where it is to be: what cannot be written fails here, and nothing was changed.
 * @throws RemitError `config_invalid` when a file changed meanwhile, or cannot be written.
 */
export function stageFiles(swaps: readonly FileSwap[]): StagedFiles {
  const folders: string[] = []
  const ready = new Map<FileSwap, string>()
  const drop = (): void => {
    for (const temporary of ready.values()) removeIfThere(temporary)
    for (const folder of folders.toReversed()) removeIfEmpty(folder)
  }
  for (const swap of swaps) {
    try {
      checkUnchanged(swap)
      makeFolder(dirname(swap.path), swap.mode, folders)
      const temporary = join(dirname(swap.path), `.${basename(swap.path)}.${randomBytes(6).toString('hex')}`)
      ready.set(swap, temporary)
      // One that goes is proved to be in a folder in which something can be changed.
      writeDurably(temporary, swap.after ?? '', swap.mode)
    } catch (thrown) {
      drop()
      throw asRefusal(swap.path, thrown)
    }
  }
  const done: FileSwap[] = []
  const undo = (): void => {
    for (const swap of done.splice(0).toReversed()) putBack(swap)
    drop()
  }
  return {
    undo,
    drop,
    swap: () => {
      for (const swap of swaps) {
        try {
          checkUnchanged(swap)
          const temporary = ready.get(swap) ?? ''
          if (swap.after === undefined) rmSync(swap.path)
          else renameSync(temporary, swap.path)
          done.push(swap)
        } catch (thrown) {
          undo()
          throw asRefusal(swap.path, thrown)
        }
      }
      drop()
    },
  }
}

/** Undefined = there is none. */
export function readText(path: string): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readFileSync(path))
  } catch (cause) {
    if (['ENOENT', 'ENOTDIR'].includes((cause as NodeJS.ErrnoException).code ?? '')) return undefined
    throw cause
  }
}

/** A link that was put there meanwhile would be read, and what it names be written elsewhere. */
function checkUnchanged({ path, before }: FileSwap): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true) {
    throw new RemitError(
      'config_invalid',
      `\`${path}\` is a link now, or one that leads nowhere; nothing was changed, put the file itself there`,
    )
  }
  if (readText(path) === before) return
  throw new RemitError('config_invalid', `\`${path}\` changed meanwhile; nothing was changed, try again`)
}

function putBack({ path, before, after, mode }: FileSwap): void {
  if (readText(path) !== after) return
  if (before === undefined) {
    rmSync(path, { force: true })
    return
  }
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}`)
  writeDurably(temporary, before, mode)
  renameSync(temporary, path)
}

/** Who may read the file may enter its folder, and only they, whatever the process’s own mask is. */
function makeFolder(folder: string, mode: number, made: string[]): void {
  const enters = 0o700 | (mode & 0o044) | ((mode & 0o044) >> 2)
  const missing: string[] = []
  for (let at = folder; !existsSync(at); at = dirname(at)) missing.unshift(at)
  for (const each of missing) {
    mkdirSync(each, { mode: enters })
    made.push(each)
    chmodSync(each, enters)
  }
}

/** Its very name may be what was wrong. */
function removeIfThere(file: string): void {
  try {
    rmSync(file, { force: true })
  } catch {
    // Then it was never made.
  }
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder)
  } catch {
    // Something lies in it.
  }
}

function asRefusal(path: string, thrown: unknown): RemitError {
  if (thrown instanceof RemitError) return thrown
  const code = (thrown as NodeJS.ErrnoException).code ?? 'unknown'
  return new RemitError('config_invalid', `\`${path}\` cannot be written (${code}); nothing was changed`, {
    cause: thrown,
  })
}

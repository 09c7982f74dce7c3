import { posix } from 'node:path'
import type { FileSystem } from './file-system.ts'

/** Where a path leads once every link on the way is followed. */
export interface ResolvedPath {
  readonly real: string
  readonly exists: boolean
  /** False when the file system would not say: no permission, a loop, a file where a folder should be. */
  readonly certain: boolean
}

const MAX_LINKS = 40

/**
 * Follows links at every component, also when the end does not exist yet: the nearest folder that exists, then the
 * rest; a dangling link leads to its target, since writing to it would make the target.
 * @param path absolute and normalised: without `.` and `..`.
 */
export function resolvePath(fs: FileSystem, path: string, links = 0): ResolvedPath {
  try {
    return { real: fs.realpath(path), exists: true, certain: true }
  } catch (thrown) {
    if (codeOf(thrown) !== 'ENOENT') return { real: path, exists: true, certain: false }
  }
  if (path === '/') return { real: path, exists: false, certain: false }
  const parent = resolvePath(fs, posix.dirname(path), links)
  if (!parent.certain) return { real: path, exists: false, certain: false }
  const here = posix.join(parent.real, posix.basename(path))
  return followMissing(fs, here, links)
}

/** A name that has no file behind it: nothing at all, or a link to nothing. */
function followMissing(fs: FileSystem, here: string, links: number): ResolvedPath {
  try {
    if (fs.entry(here)?.kind !== 'link') return { real: here, exists: false, certain: true }
    if (links >= MAX_LINKS) return { real: here, exists: false, certain: false }
    return resolvePath(fs, posix.resolve(posix.dirname(here), fs.readlink(here)), links + 1)
  } catch {
    return { real: here, exists: false, certain: false }
  }
}

/**
 * The same path read as the kernel does, where `..` leaves the folder that a link led to. Programs that normalise
 * text first end elsewhere: when the two differ, nobody can say which one the server will use.
 * @param path absolute, with its `..`.
 */
export function resolvePhysically(fs: FileSystem, path: string): ResolvedPath {
  let at: ResolvedPath = { real: '/', exists: true, certain: true }
  for (const component of path.split('/')) {
    if (component === '' || component === '.') continue
    at =
      component === '..'
        ? { ...at, real: posix.dirname(at.real) }
        : resolvePath(fs, posix.join(at.real, component))
    if (!at.certain) return at
  }
  return at
}

function codeOf(thrown: unknown): string | undefined {
  return typeof thrown === 'object' && thrown !== null && 'code' in thrown ? String(thrown.code) : undefined
}

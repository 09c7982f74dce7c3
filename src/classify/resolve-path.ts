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
  const unsure = { real: path, exists: true, certain: false }
  try {
    return { real: fs.realpath(path), exists: true, certain: true }
  } catch (thrown) {
    if (codeOf(thrown) !== 'ENOENT') return unsure
  }
  try {
    return resolveMissing(fs, path, links) ?? unsure
  } catch {
    return unsure
  }
}

/** The deepest entry that is there, and the rest of the path on top of where it leads. */
function resolveMissing(fs: FileSystem, path: string, links: number): ResolvedPath | undefined {
  let at = path
  let entry = fs.entry(at)
  while (entry === undefined && at !== '/') {
    at = posix.dirname(at)
    entry = fs.entry(at)
  }
  const rest = path.slice(at.length)
  if (entry?.kind === 'directory')
    return { real: posix.join(fs.realpath(at), rest), exists: false, certain: true }
  if (entry?.kind !== 'link') return undefined
  const folder = fs.realpath(posix.dirname(at))
  const target = fs.readlink(at)
  try {
    return {
      real: posix.join(fs.realpath(at), rest),
      exists: false,
      certain: rest === '' || isFolder(fs, at),
    }
  } catch (thrown) {
    // A target that climbs after going down may mean two places, as any path does.
    if (codeOf(thrown) !== 'ENOENT' || links >= MAX_LINKS || /[^./][^/]*\/+\.\.(\/|$)/.test(target))
      return undefined
  }
  return resolvePath(fs, posix.resolve(folder, target) + rest, links + 1)
}

function isFolder(fs: FileSystem, link: string): boolean {
  return fs.entry(fs.realpath(link))?.kind === 'directory'
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
    if (component === '..') at = { ...at, real: posix.dirname(at.real), exists: true }
    // Below what is not there, there are no links.
    else if (at.exists) at = resolvePath(fs, posix.join(at.real, component))
    else at = { ...at, real: posix.join(at.real, component) }
    if (!at.certain) return at
  }
  return at
}

function codeOf(thrown: unknown): string | undefined {
  return typeof thrown === 'object' && thrown !== null && 'code' in thrown ? String(thrown.code) : undefined
}

import { posix } from 'node:path'
import type { FileSystem } from '../file-system.ts'

/** Where git keeps what belongs to a folder. */
export interface GitPlace {
  /** Top folder of the files. */
  readonly root: string
  /** Of this working tree: its `HEAD`. */
  readonly gitDir: string
  /** Shared by all working trees: settings, refs, objects. */
  readonly commonDir: string
}

/**
 * Finds the repository of a folder as git does, upwards. `undefined` = there is none; `'unsure'` = something is there
 * that git may take for one and that cannot be read here.
 * @param folder absolute, links resolved.
 * @param bare whether a folder that looks like the inside of `.git` counts, as it does for a program that runs there.
 */
export function findGitPlace(
  fs: FileSystem,
  folder: string,
  { bare }: { readonly bare: boolean },
): GitPlace | 'unsure' | undefined {
  try {
    for (let at = folder; ; at = posix.dirname(at)) {
      const place = placeAt(fs, at)
      if (place !== undefined) return place
      if (bare && isBare(fs, at)) return 'unsure'
      if (at === '/' || at === '.') return undefined
    }
  } catch {
    return 'unsure'
  }
}

function isBare(fs: FileSystem, folder: string): boolean {
  return (
    fs.entry(posix.join(folder, 'HEAD')) !== undefined &&
    fs.entry(posix.join(folder, 'objects')) !== undefined &&
    fs.entry(posix.join(folder, 'refs')) !== undefined
  )
}

interface Known {
  readonly stamp: string
  readonly place: GitPlace
}

const MAX_KNOWN = 256
const known = new WeakMap<FileSystem, Map<string, Known>>()

/** The repository whose top a folder is. One is remembered for as long as nothing came to its `.git` or left it. */
function placeAt(fs: FileSystem, root: string): GitPlace | 'unsure' | undefined {
  const named = root === '/' ? '/.git' : `${root}/.git`
  const stamp = fs.stamp?.(named)
  if (stamp === undefined) return undefined
  const source = fs.source ?? fs
  const before = known.get(source)?.get(named)
  if (before?.stamp === stamp) return before.place
  const kind = fs.entry(named)?.kind
  const place = kind === undefined ? undefined : placeOf(fs, root, kind)
  // What other files say of the place can change without a trace in the folder.
  if (kind === 'directory' && place !== undefined && place !== 'unsure' && place.gitDir === place.commonDir) {
    const places = known.get(source) ?? new Map<string, Known>()
    if (places.size >= MAX_KNOWN) places.clear()
    known.set(source, places.set(named, { stamp, place }))
  }
  return place
}

function placeOf(fs: FileSystem, root: string, kind: string): GitPlace | 'unsure' | undefined {
  const named = posix.join(root, '.git')
  if (kind === 'file') {
    // Working trees and submodules: `gitdir: <path>`.
    const target = /^gitdir: ([^\n\0]+)\n*$/.exec(fs.read?.(named) ?? '')?.[1]
    if (target === undefined) return 'unsure'
    return placeIn(fs, root, fs.realpath(posix.resolve(root, target))) ?? 'unsure'
  }
  return kind === 'other' ? 'unsure' : placeIn(fs, root, fs.realpath(named))
}

function placeIn(fs: FileSystem, root: string, gitDir: string): GitPlace | undefined {
  // git passes over a folder of that name that is no repository.
  if (fs.entry(posix.join(gitDir, 'HEAD')) === undefined) return undefined
  const common = fs.read?.(posix.join(gitDir, 'commondir'))?.trim()
  const commonDir =
    common === undefined || common === '' ? gitDir : fs.realpath(posix.resolve(gitDir, common))
  return { root, gitDir, commonDir }
}

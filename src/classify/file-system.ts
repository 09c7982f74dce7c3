import { lstatSync, readlinkSync, realpathSync } from 'node:fs'

interface EntryFacts {
  readonly kind: 'file' | 'directory' | 'link' | 'other'
  /** Names that the same file has. */
  readonly names: number
}

/** What the classifier reads of a file system: links and entries, never contents. */
export interface FileSystem {
  /** Every link followed. @throws an error with a `code`, as `node:fs` does. */
  realpath(path: string): string
  /** The entry itself, links not followed; absent = there is none. @throws as `node:fs` does. */
  entry(path: string): EntryFacts | undefined
  readlink(path: string): string
}

export const NODE_FILE_SYSTEM: FileSystem = {
  realpath: (path) => realpathSync.native(path),
  readlink: (path) => readlinkSync(path),
  entry(path) {
    const stats = lstatSync(path, { throwIfNoEntry: false })
    if (stats === undefined) return undefined
    const kind = stats.isDirectory()
      ? 'directory'
      : stats.isFile()
        ? 'file'
        : stats.isSymbolicLink()
          ? 'link'
          : 'other'
    return { kind, names: stats.nlink }
  },
}

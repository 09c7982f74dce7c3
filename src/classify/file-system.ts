import { lstatSync, readdirSync, readlinkSync, realpathSync } from 'node:fs'

interface EntryFacts {
  readonly kind: 'file' | 'directory' | 'link' | 'other'
  /** Names that the same file has. */
  readonly names: number
}

export interface FolderItem {
  readonly name: string
  /** A folder itself, no link to one. */
  readonly folder: boolean
}

/** What the classifier reads of a file system: links and entries, never contents. */
export interface FileSystem {
  /** Every link followed. @throws an error with a `code`, as `node:fs` does. */
  realpath(path: string): string
  /** The entry itself, links not followed; absent = there is none. @throws as `node:fs` does. */
  entry(path: string): EntryFacts | undefined
  readlink(path: string): string
  /** What lies in a folder, unordered; `undefined` = no folder, or none that may be listed. Absent = cannot list. */
  list?(path: string): readonly FolderItem[] | undefined
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
  list(path) {
    try {
      return readdirSync(path, { withFileTypes: true }).map((item) => ({
        name: item.name,
        folder: item.isDirectory(),
      }))
    } catch {
      return undefined
    }
  },
}

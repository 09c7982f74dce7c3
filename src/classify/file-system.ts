import { lstatSync, opendirSync, readFileSync, readlinkSync, realpathSync, statSync } from 'node:fs'

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

/**
 * What the classifier reads of a file system: links and entries; of contents only what git says of a repository, and
 * what a call would change.
 */
export interface FileSystem {
  /** What it is a view of: what is remembered between calls is remembered of that. Absent = of itself. */
  readonly source?: FileSystem
  /** Every link followed. @throws an error with a `code`, as `node:fs` does. */
  realpath(path: string): string
  /** The entry itself, links not followed; absent = there is none. @throws as `node:fs` does. */
  entry(path: string): EntryFacts | undefined
  readlink(path: string): string
  /**
   * What lies in a folder, unordered; `undefined` = no folder, or none that may be listed. Absent = cannot list.
   * @param most of a folder that holds more, no more than one beyond it are read: it can have millions.
   */
  list?(path: string, most: number): readonly FolderItem[] | undefined
  /**
   * Text of a small file, links followed; `undefined` = there is none. Absent = cannot read. @throws for anything that
   * is no file of at most 1 MiB.
   */
  read?(path: string): string | undefined
  /** Another text whenever the file is another one or was changed; `undefined` = there is none. @throws as `node:fs`. */
  stamp?(path: string): string | undefined
}

const MAX_TEXT = 1 << 20
const TICK_MS = 50
let unique = 0

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
  list(path, most) {
    try {
      const items: FolderItem[] = []
      const folder = opendirSync(path, { bufferSize: 256 })
      try {
        for (let item = folder.readSync(); item !== null && items.length <= most; item = folder.readSync())
          items.push({ name: item.name, folder: item.isDirectory() })
      } finally {
        folder.closeSync()
      }
      return items
    } catch {
      return undefined
    }
  },
  read(path) {
    const stats = statSync(path, { throwIfNoEntry: false })
    if (stats === undefined) return undefined
    // Reading a pipe would wait for whoever writes to it.
    if (!stats.isFile() || stats.size > MAX_TEXT) throw new Error('not a small file')
    return readFileSync(path, 'utf8')
  },
  stamp(path) {
    const stats = statSync(path, { throwIfNoEntry: false })
    if (stats === undefined) return undefined
    // The time of change of the entry itself cannot be set back, as that of its content can.
    const stamp = `${stats.ino} ${stats.size} ${stats.mtimeMs} ${stats.ctimeMs}`
    // Two changes within a tick of the kernel's clock look like one.
    return Date.now() - stats.ctimeMs < TICK_MS ? `${stamp} ${(unique += 1)}` : stamp
  },
}

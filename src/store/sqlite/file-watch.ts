import { statSync } from 'node:fs'

/**
 * Notices that the database was deleted or replaced under the open connection: the operating system would go
 * on taking writes to a file that nobody can reach any more.
 */
export class FileWatch {
  readonly #files: ReadonlyMap<string, bigint>

  /** @param file the database, to which something has been written in WAL mode since it was opened. */
  constructor(file: string) {
    const files = [file, `${file}-wal`]
    this.#files = new Map(files.map((path) => [path, statSync(path, { bigint: true }).ino]))
  }

  /** The file that is gone or another one now; `undefined` = all is well. */
  missing(): string | undefined {
    for (const [path, inode] of this.#files) {
      if (statSync(path, { bigint: true, throwIfNoEntry: false })?.ino !== inode) return path
    }
    return undefined
  }
}

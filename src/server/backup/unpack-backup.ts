import { closeSync, fsyncSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { RemitError } from '../../core/errors.ts'
import type { SnapshotRows } from '../../store/snapshot.ts'
import { DatabaseLoader } from '../../store/sqlite/load-database.ts'
import { SCHEMA_VERSION } from '../../store/sqlite/schema.ts'
import { type BackupHeader, damaged, readBackup, type ReadEntry } from './backup-format.ts'
import { isInnerPath, isStatePath } from './backup-places.ts'
import { ledgerRows } from './ledger-rows.ts'
import { openFiles, type PrivateFile } from './seal-files.ts'

export interface Unpacked {
  readonly header: BackupHeader
  /** Of the whole backup, in hex. */
  readonly sha256: string
  /** By path below the configuration’s folder. */
  readonly config: ReadonlyMap<string, Buffer>
  /** Absent = there are none, or nobody gave the passphrase. */
  readonly secret?: readonly PrivateFile[]
}

export interface UnpackOptions {
  /** New folder, which becomes a state folder without keys: ledger, copies of checkpoints, archive of policies. */
  readonly folder: string
  /** Name of the database in it. */
  readonly database: string
  readonly passphrase?: string | undefined
}

/**
 * Reads a backup whole into a new folder. Where the backup is of PostgreSQL, the database there holds its ledger alone,
 * for verifying.
 * @throws RemitError `backup_unusable`; what was written until then is in the folder.
 */
export async function unpackBackup(path: string, options: UnpackOptions): Promise<Unpacked> {
  const { header, entries } = await readBackup(path)
  const own = header.store === 'sqlite'
  const loader = new DatabaseLoader(
    join(options.folder, options.database),
    own ? header.version : SCHEMA_VERSION,
  )
  const files = new UnpackedFiles(path, options.folder)
  try {
    let secret: readonly PrivateFile[] | undefined
    for (;;) {
      const next = await entries.next()
      if (next.done === true) {
        files.finish()
        loader.finish(own ? undefined : SCHEMA_VERSION)
        const found = { header, sha256: next.value.sha256, config: files.config }
        return secret === undefined ? found : { ...found, secret }
      }
      const { entry } = next.value
      if ('table' in entry) for (const rows of own ? [entry] : ledgerRows(entry)) loader.add(rows)
      else if ('file' in entry) files.add(entry.file)
      else secret = unsealed(next.value, options.passphrase) ?? secret
    }
  } finally {
    files.finish()
    loader.abandon()
  }
}

/** Its rows again, for another store. @param sha256 of the backup as it was unpacked. */
export async function* rowsOfBackup(path: string, sha256: string): AsyncGenerator<SnapshotRows> {
  const { entries } = await readBackup(path)
  for (;;) {
    const next = await entries.next()
    if (next.done === true) {
      if (next.value.sha256 !== sha256) throw damaged(path, 'it changed while it was read')
      return
    }
    if ('table' in next.value.entry) yield next.value.entry
  }
}

function unsealed(
  { entry, before }: ReadEntry,
  passphrase: string | undefined,
): readonly PrivateFile[] | undefined {
  if (passphrase === undefined || !('sealed' in entry)) return undefined
  const files = openFiles(entry.sealed, before, passphrase)
  for (const { path } of files) if (!isStatePath(path, 'private')) throw misplaced(path)
  return files
}

/** Files of a backup, put together from their parts. */
class UnpackedFiles {
  readonly config = new Map<string, Buffer>()
  readonly #backup: string
  readonly #folder: string
  #open: { readonly path: string; readonly handle: number } | undefined

  constructor(backup: string, folder: string) {
    this.#backup = backup
    this.#folder = folder
  }

  add({ place, path, content }: { place: 'config' | 'state'; path: string; content: string }): void {
    const bytes = Buffer.from(content, 'base64')
    if (place === 'config') {
      if (!isInnerPath(path)) throw misplaced(path)
      this.config.set(path, Buffer.concat([this.config.get(path) ?? Buffer.alloc(0), bytes]))
      return
    }
    if (!isStatePath(path, 'plain')) throw misplaced(path)
    if (this.#open?.path !== path) this.#begin(path)
    if (this.#open !== undefined) writeSync(this.#open.handle, bytes)
  }

  finish(): void {
    if (this.#open === undefined) return
    const { handle } = this.#open
    this.#open = undefined
    fsyncSync(handle)
    closeSync(handle)
  }

  #begin(path: string): void {
    this.finish()
    const target = join(this.#folder, path)
    mkdirSync(dirname(target), { recursive: true, mode: 0o700 })
    try {
      this.#open = { path, handle: openSync(target, 'wx', 0o600) }
    } catch (cause) {
      throw damaged(this.#backup, `it holds \`${path}\` twice`, cause)
    }
  }
}

function misplaced(path: string): RemitError {
  return new RemitError(
    'backup_unusable',
    `the backup holds a file that would not belong there: \`${path}\`; nothing was changed`,
  )
}

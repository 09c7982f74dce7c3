import { createReadStream, createWriteStream, readFileSync } from 'node:fs'
import { open, rm, link } from 'node:fs/promises'
import { dirname } from 'node:path'
import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { RemitError } from '../../core/errors.ts'
import type { StoreSnapshot } from '../../store/snapshot.ts'
import { type BackupHeader, BackupLines } from './backup-format.ts'
import type { PlacedFile } from './backup-places.ts'
import { type PrivateFile, sealFiles } from './seal-files.ts'

export interface BackupContents {
  readonly header: BackupHeader
  readonly config: readonly PlacedFile[]
  /** Their sizes were looked at before the snapshot: copies of checkpoints are never ahead of it. */
  readonly state: readonly PlacedFile[]
  readonly snapshot: StoreSnapshot
  /** Absent = no keys go along. */
  readonly secret?: { readonly files: readonly PlacedFile[]; readonly passphrase: string }
}

/** Bytes of a file in one line. */
const PART = 196_608

/**
 * Writes a backup, mode 0600, durably and whole or not at all. Nothing that is there is overwritten.
 * @param check told the finished file before it gets its name; what it throws takes the file away.
 * @throws RemitError `state_unreadable` where the file cannot be made.
 */
export async function writeBackup(
  path: string,
  contents: BackupContents,
  check: (temporary: string) => Promise<void>,
): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.new`
  try {
    // `flush`: durable before it is closed.
    const target = createWriteStream(temporary, { flags: 'wx', mode: 0o600, flush: true })
    await pipeline(Readable.from(linesOf(contents)), createGzip(), target)
    await check(temporary)
    // Fails where a file of that name is there.
    await link(temporary, path)
    await syncFolder(dirname(path))
  } catch (cause) {
    if (cause instanceof RemitError) throw cause
    const code = (cause as NodeJS.ErrnoException).code
    if (code === undefined) throw cause
    const why = code === 'EEXIST' ? 'is there already' : `cannot be written (${code})`
    throw new RemitError('state_unreadable', `\`${path}\` ${why}; name a new file`, { cause })
  } finally {
    await rm(temporary, { force: true })
  }
}

async function* linesOf(contents: BackupContents): AsyncGenerator<string> {
  const { header, config, state, snapshot, secret } = contents
  const lines = new BackupLines()
  yield lines.header(header)
  for (const file of config) yield* fileLines(lines, 'config', file)
  for (const file of state) yield* fileLines(lines, 'state', file)
  for await (const rows of snapshot.rows()) yield lines.entry(rows)
  if (secret !== undefined) {
    const files = secret.files.map(({ path, from }): PrivateFile => ({ path, content: readFileSync(from) }))
    yield lines.entry({ sealed: sealFiles(files, lines.digest(), secret.passphrase) })
  }
  yield lines.end()
}

async function* fileLines(
  lines: BackupLines,
  place: 'config' | 'state',
  { path, from, size }: PlacedFile,
): AsyncGenerator<string> {
  if (size === 0) yield lines.entry({ file: { place, path, content: '' } })
  if (size === 0) return
  for await (const part of createReadStream(from, { end: size - 1, highWaterMark: PART })) {
    yield lines.entry({ file: { place, path, content: (part as Buffer).toString('base64') } })
  }
}

/** A new name in a folder is durable once the folder is. Windows has no such thing to ask for. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

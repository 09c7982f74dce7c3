import { createHash, type Hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { StringDecoder } from 'node:string_decoder'
import { createGunzip } from 'node:zlib'
import { z } from 'zod'
import { RemitError } from '../../core/errors.ts'
import { areRows, type StoredRow } from '../../store/snapshot.ts'

/** `docs/backup.md` describes the file: JSON lines, compressed with gzip. */
export const BACKUP_FORMAT = 1

const header = z.strictObject({
  'remit-backup': z.int(),
  /** Id of the backup, which its record names too. */
  id: z.string().regex(/^bak_[0-9a-z]{1,40}$/),
  at: z.string().max(40),
  release: z.string().max(40),
  store: z.enum(['sqlite', 'postgres']),
  /** Of the database. */
  version: z.int().min(1),
  tenant: z.string().min(1).max(128),
  /** Whether keys are in it. */
  keys: z.boolean(),
  /** Keys that verify checkpoints, in PEM: under `''` that of the installation, else of a tenant. */
  publicKeys: z.record(z.string().max(128), z.string().max(1000)),
})
export type BackupHeader = z.infer<typeof header>

const entry = z.union([
  z.strictObject({
    table: z.string().max(64),
    columns: z.array(z.string().max(64)).max(200).readonly(),
    rows: z.custom<readonly StoredRow[]>(areRows),
  }),
  /** A part of a file; parts of one file follow one another. */
  z.strictObject({
    file: z.strictObject({
      place: z.enum(['config', 'state']),
      path: z.string().min(1).max(1000),
      content: z.base64(),
    }),
  }),
  z.strictObject({
    sealed: z.strictObject({
      kdf: z.literal('scrypt'),
      n: z.literal(131_072),
      r: z.literal(8),
      p: z.literal(1),
      cipher: z.literal('aes-256-gcm'),
      salt: z.base64().length(24),
      nonce: z.base64().length(16),
      tag: z.base64().length(24),
      text: z.base64(),
    }),
  }),
])
export type BackupEntry = z.infer<typeof entry>
export type SealedEntry = Extract<BackupEntry, { sealed: unknown }>['sealed']

const end = z.strictObject({ end: z.strictObject({ lines: z.int(), sha256: z.hex().length(64) }) })

/** Gives each entry its line, and knows what all lines so far add up to. */
export class BackupLines {
  readonly #hash: Hash = createHash('sha256')
  #lines = 0

  header(of: BackupHeader): string {
    return this.#line(of)
  }

  entry(of: BackupEntry): string {
    return this.#line(of)
  }

  /** Of all lines so far, in hex. */
  digest(): string {
    return this.#hash.copy().digest('hex')
  }

  end(): string {
    return `${JSON.stringify({ end: { lines: this.#lines, sha256: this.digest() } })}\n`
  }

  #line(of: unknown): string {
    const line = `${JSON.stringify(of)}\n`
    this.#hash.update(line)
    this.#lines += 1
    return line
  }
}

export interface ReadEntry {
  readonly entry: BackupEntry
  /** Of all lines before it, in hex. */
  readonly before: string
}

export interface BackupReader {
  readonly header: BackupHeader
  /** Ends only where the file is whole. @throws RemitError `backup_unusable`. */
  readonly entries: AsyncGenerator<ReadEntry, { readonly sha256: string }>
}

/** @throws RemitError `backup_unusable` where it is damaged, cut, none, or of a later release. */
export async function readBackup(path: string): Promise<BackupReader> {
  const lines = linesOf(path)
  const hash = createHash('sha256')
  const first = await lines.next()
  if (first.done === true) throw damaged(path, 'it is empty')
  const read = parsed(path, first.value)
  refuseLater(path, read)
  const known = header.safeParse(read)
  if (!known.success) throw damaged(path, 'it is no backup')
  hash.update(`${first.value}\n`)
  return { header: known.data, entries: entriesOf({ path, lines, hash }) }
}

function refuseLater(path: string, read: unknown): void {
  const version = (read as { readonly 'remit-backup'?: unknown } | null)?.['remit-backup']
  if (typeof version !== 'number' || version === BACKUP_FORMAT) return
  throw new RemitError(
    'backup_unusable',
    `\`${path}\` is a backup of format ${version}, and this release reads format ${BACKUP_FORMAT}; restore it with a newer release`,
  )
}

interface Reading {
  readonly path: string
  readonly lines: AsyncGenerator<string>
  readonly hash: Hash
}

async function* entriesOf({ path, lines, hash }: Reading): AsyncGenerator<ReadEntry, { sha256: string }> {
  let count = 1
  for await (const line of lines) {
    const read = parsed(path, line)
    const last = end.safeParse(read)
    if (last.success) {
      const sha256 = hash.digest('hex')
      if (last.data.end.sha256 !== sha256 || last.data.end.lines !== count) {
        throw damaged(path, 'it is not what was written')
      }
      if ((await lines.next()).done !== true) throw damaged(path, 'something follows its end')
      return { sha256 }
    }
    const known = entry.safeParse(read)
    if (!known.success) throw damaged(path, `line ${count + 1} is nothing that a backup holds`)
    yield { entry: known.data, before: hash.copy().digest('hex') }
    hash.update(`${line}\n`)
    count += 1
  }
  throw damaged(path, 'its end is missing')
}

async function* linesOf(path: string): AsyncGenerator<string> {
  const source = createReadStream(path)
  const plain = createGunzip()
  source.on('error', (error) => plain.destroy(error))
  source.pipe(plain)
  const decoder = new StringDecoder('utf8')
  let rest = ''
  try {
    for await (const chunk of plain) {
      const lines = (rest + decoder.write(chunk as Buffer)).split('\n')
      rest = lines.pop() ?? ''
      yield* lines
    }
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    if (code === 'ENOENT') throw damaged(path, 'there is no such file', cause)
    throw damaged(
      path,
      code?.startsWith('Z_') ? 'it is cut or changed' : `it cannot be read (${code})`,
      cause,
    )
  } finally {
    source.destroy()
    plain.destroy()
  }
  if (rest !== '') yield rest
}

function parsed(path: string, line: string): unknown {
  try {
    return JSON.parse(line)
  } catch (cause) {
    throw damaged(path, 'it is no backup, or was changed', cause)
  }
}

export function damaged(path: string, why: string, cause?: unknown): RemitError {
  return new RemitError('backup_unusable', `\`${path}\` cannot be used: ${why}; nothing was changed`, {
    cause,
  })
}

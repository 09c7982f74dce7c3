import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { open, realpath, stat, type FileHandle } from 'node:fs/promises'
import { MOST_SHOWN } from '../../core/world.ts'
import type { SeenFile } from '../../gate/world/world-view.ts'

/** Larger files are not held still: to read them twice for one call would take too long. */
const MAX_BYTES = 16 * 1024 * 1024
/** For all files of one call together. */
const MAX_TOTAL = 48 * 1024 * 1024
const MAX_MS = 3_000
const CHUNK = 256 * 1024
const NO_FILE = { kind: 'unheld', why: 'it is no file' } as const

interface Allowance {
  bytes: number
  /** Milliseconds of `performance.now()`. */
  readonly until: number
}

/** Never rejects. Reads in the file system's own threads, a piece at a time, so that other calls go on. */
export async function lookAtFiles(paths: readonly string[]): Promise<readonly SeenFile[]> {
  const left: Allowance = { bytes: MAX_TOTAL, until: performance.now() + MAX_MS }
  const seen: SeenFile[] = []
  for (const path of paths) seen.push(await lookAt(path, left))
  return seen
}

async function lookAt(path: string, left: Allowance): Promise<SeenFile> {
  try {
    const real = await realpath(path)
    const there = await stat(real)
    if (there.isDirectory()) return { kind: 'folder', real }
    // To open a device may do something.
    if (!there.isFile()) return NO_FILE
    // Opening a pipe would wait for whoever writes to it; a link put there since is no file that was looked at.
    const handle = await open(real, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW)
    try {
      return await read(handle, real, left)
    } finally {
      await handle.close()
    }
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'unknown'
    return code === 'ENOENT' || code === 'ENOTDIR'
      ? { kind: 'absent' }
      : { kind: 'unheld', why: `it cannot be read (${code})` }
  }
}

async function read(handle: FileHandle, real: string, left: Allowance): Promise<SeenFile> {
  const before = await handle.stat({ bigint: true })
  const size = Number(before.size)
  if (!before.isFile()) return NO_FILE
  if (size > MAX_BYTES) return { kind: 'unheld', why: `it is larger than ${MAX_BYTES / 1024 / 1024} MiB` }
  if (size > left.bytes) return { kind: 'unheld', why: 'all its files together are too large' }
  left.bytes -= size
  const hash = createHash('sha256')
  const buffer = Buffer.alloc(Math.min(CHUNK, size + 1))
  let short = Buffer.alloc(0)
  let at = 0
  for (;;) {
    if (performance.now() > left.until) return { kind: 'unheld', why: 'to read it took too long' }
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, at)
    if (bytesRead === 0) break
    const piece = buffer.subarray(0, bytesRead)
    hash.update(piece)
    if (size <= MOST_SHOWN) short = Buffer.concat([short, piece])
    at += bytesRead
    if (at > size) break
  }
  const after = await handle.stat({ bigint: true })
  if (at !== size || after.mtimeNs !== before.mtimeNs || after.ctimeNs !== before.ctimeNs)
    return { kind: 'unheld', why: 'it was written to while it was read' }
  const text = size <= MOST_SHOWN ? textOf(short) : undefined
  return { kind: 'file', real, size, digest: hash.digest('hex'), ...(text === undefined ? {} : { text }) }
}

function textOf(bytes: Buffer): string | undefined {
  if (bytes.includes(0)) return undefined
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

import { open, rename, rm, stat, type FileHandle } from 'node:fs/promises'
import type { Sink, SinkBatch } from './sink.ts'

export interface FileSinkSettings {
  readonly name: string
  /** Absolute. */
  readonly path: string
  /** Bytes after which the file becomes `path.1`, and that `path.2`. */
  readonly rotateAt: number
  /** Older files that are kept. */
  readonly keep: number
}

const LINE_FEED = 10
const TAIL = 65_536

/** A file to which lines are added and flushed. Nobody but its owner reads it. */
export function fileSink(settings: FileSinkSettings): Sink {
  const { name, path } = settings
  return { name, place: path, send: (batch) => append(settings, batch) }
}

async function append({ path, rotateAt, keep }: FileSinkSettings, { head, parts }: SinkBatch): Promise<void> {
  const text = parts.map((part) => part.text).join('')
  const size = await sizeOf(path)
  if (size > 0 && size + Buffer.byteLength(text) > rotateAt) await rotate(path, keep)
  const file = await open(path, 'a+', 0o600)
  try {
    const whole = await dropCutLine(file)
    await file.appendFile(whole === 0 ? head + text : text)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** What a crash cut off in the middle of a line is in the batch that is sent again. @returns bytes that are left */
async function dropCutLine(file: FileHandle): Promise<number> {
  const { size } = await file.stat()
  for (let end = size; end > 0;) {
    const from = Math.max(0, end - TAIL)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(end - from), 0, end - from, from)
    const last = buffer.subarray(0, bytesRead).lastIndexOf(LINE_FEED)
    if (last >= 0) {
      const whole = from + last + 1
      if (whole < size) await file.truncate(whole)
      return whole
    }
    end = from
  }
  if (size > 0) await file.truncate(0)
  return 0
}

async function rotate(path: string, keep: number): Promise<void> {
  await rm(`${path}.${keep}`, { force: true })
  for (let at = keep - 1; at >= 1; at -= 1)
    await rename(`${path}.${at}`, `${path}.${at + 1}`).catch(ignoreMissing)
  if (keep === 0) await rm(path, { force: true })
  else await rename(path, `${path}.1`)
}

async function sizeOf(path: string): Promise<number> {
  const found = await stat(path).catch(ignoreMissing)
  return found === undefined ? 0 : found.size
}

function ignoreMissing(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
  throw error
}

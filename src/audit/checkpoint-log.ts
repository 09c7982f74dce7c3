import { readFileSync } from 'node:fs'

/** A checkpoint as it stands outside the database, and when it was put there. */
export interface OutsideCheckpoint {
  /** Line in the file, from 1. */
  readonly line: number
  /** The signed note; absent when the line could not be read. */
  readonly note?: string
}

/** One line of the append-only file: JSON, since a note itself has line breaks. `at` is RFC 3339. */
export function checkpointLogLine(note: string, at: string): string {
  return `${JSON.stringify({ at, note })}\n`
}

/**
 * Reads `checkpoints-<tenant>.log`. A last line without its end was cut off by a power failure while it was
 * written, and is left out; any other line that cannot be read is given without a note.
 * @returns empty when there is no such file.
 */
export function readCheckpointLog(file: string): OutsideCheckpoint[] {
  try {
    return checkpointsIn(readFileSync(file, 'utf8'))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}

/** Checkpoints as anybody may have kept them: a signed note by itself, or such a file. */
export function checkpointsIn(text: string): OutsideCheckpoint[] {
  if (/^[^{\n]+\n\d+\n/.test(text)) return [{ line: 1, note: text }]
  const lines = text.split('\n').slice(0, -1)
  return lines.map((line, i) => {
    const note = noteOf(line)
    return note === undefined ? { line: i + 1 } : { line: i + 1, note }
  })
}

function noteOf(line: string): string | undefined {
  try {
    const parsed: unknown = JSON.parse(line)
    if (typeof parsed !== 'object' || parsed === null || !('note' in parsed)) return undefined
    return typeof parsed.note === 'string' ? parsed.note : undefined
  } catch {
    return undefined
  }
}

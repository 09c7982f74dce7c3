import { appendFileSync, closeSync, fstatSync, openSync, readdirSync, readSync } from 'node:fs'
import { join } from 'node:path'

import { checkpointLogLine, readCheckpointLog, type OutsideCheckpoint } from '../audit/checkpoint-log.ts'

const FILE_NAME = /^checkpoints-(.+)\.log$/

/** The append-only file of a tenant's checkpoints, the copy outside the database. */
export function checkpointFile(folder: string, tenant: string): string {
  return join(folder, `checkpoints-${encodeURIComponent(tenant)}.log`)
}

/** Appends checkpoints to their files, once they are durable in the database. */
export class CheckpointFiles {
  readonly #folder: string | undefined
  readonly #whole = new Set<string>()

  constructor(folder: string | undefined) {
    this.#folder = folder
  }

  /** Tenants that have a file: their ledgers must be in the database. */
  tenants(): readonly string[] {
    const files = this.#folder === undefined ? [] : readdirSync(this.#folder)
    return files.flatMap((file) => {
      const name = FILE_NAME.exec(file)?.[1]
      return name === undefined ? [] : [decodeURIComponent(name)]
    })
  }

  read(tenant: string): readonly OutsideCheckpoint[] {
    return this.#folder === undefined ? [] : readCheckpointLog(checkpointFile(this.#folder, tenant))
  }

  /** @throws Error of the file system; the checkpoint in the database stands anyway. */
  append(tenant: string, note: string, now: number): void {
    if (this.#folder === undefined) return
    const file = checkpointFile(this.#folder, tenant)
    // A line that a power failure cut off must not swallow the next one.
    const mend = this.#whole.has(file) || endsWhole(file) ? '' : '\n'
    appendFileSync(file, mend + checkpointLogLine(note, new Date(now).toISOString()), { mode: 0o600 })
    this.#whole.add(file)
  }
}

const NEW_LINE = 0x0a

function endsWhole(file: string): boolean {
  const handle = openSync(file, 'a+', 0o600)
  try {
    const { size } = fstatSync(handle)
    const last = new Uint8Array(1)
    return size === 0 || (readSync(handle, last, 0, 1, size - 1) === 1 && last[0] === NEW_LINE)
  } finally {
    closeSync(handle)
  }
}

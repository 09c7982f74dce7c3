import { RemitError } from '../../core/errors.ts'

const BUSY = 5
const LOCKED = 6

/** Primary result codes (https://sqlite.org/rescode.html) that speak of the storage, not of a statement. */
const STORAGE_CODES: ReadonlySet<number> = new Set([
  3, // PERM
  BUSY,
  LOCKED,
  7, // NOMEM
  8, // READONLY
  10, // IOERR
  11, // CORRUPT
  13, // FULL
  14, // CANTOPEN
  15, // PROTOCOL
  22, // NOLFS
  26, // NOTADB
])

/** Primary result code of an error that SQLite reported; `undefined` = not from SQLite. */
function primaryCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number')
    return undefined
  return error.errcode % 256
}

/** The disk is full, read-only, failing or gone: nothing can be made durable now. */
export function isStorageError(error: unknown): boolean {
  const code = primaryCode(error)
  return code !== undefined && STORAGE_CODES.has(code)
}

export function isBusyError(error: unknown): boolean {
  const code = primaryCode(error)
  return code === BUSY || code === LOCKED
}

export function ledgerUnavailable(detail: string, cause?: unknown): RemitError {
  return new RemitError(
    'ledger_unavailable',
    'the ledger cannot be written, so nothing may pass; see the gateway’s log, free its disk and try again',
    { detail, cause },
  )
}

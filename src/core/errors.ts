import { ERROR_CODES, type ErrorCode } from './error-codes.ts'
import type { Json } from './json.ts'

export interface ErrorOptions {
  /** For the operator's log only: never leaves the machine. */
  readonly detail?: string
  readonly cause?: unknown
  /** Machine-readable part for the caller. */
  readonly data?: { readonly [key: string]: Json }
}

/**
 * The one error of Remit. `message` is what the caller may read: lower case, no full stop, user input in
 * backticks, and what to do next. `detail` and `cause` are for the log.
 */
export class RemitError extends Error {
  readonly code: ErrorCode
  readonly detail: string | undefined
  readonly data: { readonly [key: string]: Json } | undefined

  constructor(code: ErrorCode, message: string, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'RemitError'
    this.code = code
    this.detail = options.detail
    this.data = options.data
  }

  /** HTTP status of this error on any plane. */
  get status(): number {
    return ERROR_CODES[this.code].status
  }
}

/** Whatever was thrown, as something that may be shown: anything but a `RemitError` becomes `internal`. */
export function asRemitError(thrown: unknown): RemitError {
  if (thrown instanceof RemitError) return thrown
  const detail = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)
  return new RemitError('internal', 'something failed inside the gateway; its log says what', {
    detail,
    cause: thrown,
  })
}

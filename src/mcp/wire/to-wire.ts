import { ERROR_CODES } from '../../core/error-codes.ts'
import { asRemitError, type RemitError } from '../../core/errors.ts'
import type { Json, JsonObject } from '../../core/json.ts'
import { UpstreamRpcError, type Era } from '../upstream.ts'

/** Own JSON-RPC codes lie outside of -32768 … -32000, which JSON-RPC and MCP keep for themselves. */
const OWN_CODES: Readonly<Record<string, number>> = {
  call_denied: 4031,
  approval_refused: 4031,
  result_withheld: 4033,
  approval_pending: 4032,
}

/** Codes that 2026-07-28 answers with a status of their own even when a handler produced them. */
const MODERN_STATUS: Readonly<Record<number, number>> = {
  [-32601]: 404,
  [-32020]: 400,
  [-32021]: 400,
  [-32022]: 400,
}

export interface WireError {
  readonly status: number
  readonly error: { readonly code: number; readonly message: string; readonly data?: Json }
  /** The gateway's own error, for the log and for headers; absent when it is the upstream's. */
  readonly cause?: RemitError
}

/**
 * Whatever was thrown, as JSON-RPC and HTTP say it.
 * @param stage `door` = before the message was routed: the status says what is wrong. `handler` = the answer to a
 *   well-formed request: the error is in the body, and the status is 200 but where 2026-07-28 demands another.
 */
export function toWire(thrown: unknown, stage: 'door' | 'handler', era: Era | undefined): WireError {
  if (thrown instanceof UpstreamRpcError) {
    const status = era === 'modern' && thrown.rpcCode === -32021 ? 400 : 200
    const data = thrown.data === undefined ? {} : { data: thrown.data as Json }
    return { status, error: { code: thrown.rpcCode, message: thrown.message, ...data } }
  }
  const cause = asRemitError(thrown)
  const code = rpcCode(cause)
  const status = stage === 'door' ? doorStatus(cause) : era === 'modern' ? (MODERN_STATUS[code] ?? 200) : 200
  return { status, cause, error: { code, message: cause.message, data: { code: cause.code, ...cause.data } } }
}

export function errorMessage(id: string | number | null, wire: WireError): JsonObject {
  return { jsonrpc: '2.0', id, error: wire.error }
}

function rpcCode(error: RemitError): number {
  const known: { readonly status: number; readonly rpc?: number } = ERROR_CODES[error.code]
  return known.rpc ?? OWN_CODES[error.code] ?? 4000
}

function doorStatus(error: RemitError): number {
  return error.status === 200 ? 400 : error.status
}

import { RemitError } from '../core/errors.ts'
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts'

export type RequestId = string | number

/** One JSON-RPC message, told apart by what it has. https://www.jsonrpc.org/specification */
export type Message =
  | {
      readonly kind: 'request'
      readonly id: RequestId
      readonly method: string
      readonly params: JsonObject
    }
  | { readonly kind: 'notification'; readonly method: string; readonly params: JsonObject }
  | {
      readonly kind: 'response'
      readonly id: RequestId
      readonly result?: JsonObject
      readonly error?: { readonly code: number; readonly message: string; readonly data?: Json }
    }

const NONE: JsonObject = {}

/** @throws RemitError `batch_refused`, `request_invalid`. */
export function readMessage(value: Json): Message {
  if (Array.isArray(value)) {
    throw new RemitError('batch_refused', 'batches are not served; send one message in each request')
  }
  if (!isJsonObject(value) || value['jsonrpc'] !== '2.0') throw invalid('`jsonrpc` must be `2.0`')
  const { id, method, params } = value
  if (method === undefined) return readResponse(value)
  if (typeof method !== 'string') throw invalid('`method` must be a string')
  if (params !== undefined && !isJsonObject(params)) throw invalid('`params` must be an object')
  if (id === undefined) return { kind: 'notification', method, params: params ?? NONE }
  if (!isRequestId(id)) throw invalid('`id` must be a string or an integer')
  return { kind: 'request', id, method, params: params ?? NONE }
}

/** The id of a message that may be invalid otherwise, so that even its refusal can name it. */
export function echoableId(value: Json | undefined): RequestId | null {
  return isJsonObject(value) && isRequestId(value['id']) ? value['id'] : null
}

function readResponse(value: JsonObject): Message {
  const { id, result, error } = value
  if (!isRequestId(id)) throw invalid('the message has no `method` and no `id`')
  if (isJsonObject(result) && error === undefined) return { kind: 'response', id, result }
  if (result === undefined && isJsonObject(error)) {
    const { code, message, data } = error
    if (typeof code === 'number' && typeof message === 'string') {
      return { kind: 'response', id, error: { code, message, ...(data === undefined ? {} : { data }) } }
    }
  }
  throw invalid('a response has either a `result` or an `error`')
}

function isRequestId(id: unknown): id is RequestId {
  return typeof id === 'string' || (typeof id === 'number' && Number.isSafeInteger(id))
}

function invalid(what: string): RemitError {
  return new RemitError('request_invalid', `this is not a JSON-RPC message: ${what}`)
}

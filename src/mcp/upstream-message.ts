import { RemitError } from '../core/errors.ts'
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts'
import { parseStrictJson } from '../net/strict-json.ts'
import { readMessage, type Message } from './json-rpc.ts'
import { UpstreamRpcError } from './upstream.ts'

/** Bytes of one answer, or of one line of a stdio server. */
export const MAX_ANSWER = 16 * 1024 * 1024

/** What an upstream can send. An error without an id is about a request that it could not read. */
export type UpstreamMessage = Message | { readonly kind: 'unaddressed'; readonly error: UpstreamRpcError }

/** As strict as what comes in by a door: what is recorded, shown and handed on is one and the same. */
export function readUpstreamMessage(text: string): UpstreamMessage {
  let value: Json
  try {
    value = parseStrictJson(text)
  } catch (cause) {
    throw garbage(cause instanceof RemitError ? cause.message : 'it is not JSON', cause)
  }
  const unaddressed = readUnaddressed(value)
  if (unaddressed !== undefined) return { kind: 'unaddressed', error: unaddressed }
  try {
    return readMessage(value)
  } catch (cause) {
    throw garbage('it is not a JSON-RPC message', cause)
  }
}

/**
 * The result as it may be handed on.
 * @throws RemitError `upstream_garbage` for a `resultType` that the client cannot know (2026-07-28, results).
 */
export function checkResult(result: JsonObject, clientCapabilities: JsonObject): JsonObject {
  const type = result['resultType']
  if (type === undefined || type === 'complete' || type === 'input_required') return result
  const extensions = clientCapabilities['extensions']
  const tasks = isJsonObject(extensions) && Object.hasOwn(extensions, 'io.modelcontextprotocol/tasks')
  if (type === 'task' && tasks) return result
  throw garbage('its `resultType` is unknown')
}

export function rpcErrorOf(error: { code: number; message: string; data?: Json }): UpstreamRpcError {
  return new UpstreamRpcError(error.code, error.message, error.data)
}

export function garbage(why: string, cause?: unknown): RemitError {
  const message = `the answer of the server cannot be used: ${why}; whether it acted is unknown`
  return new RemitError('upstream_garbage', message, { cause })
}

function readUnaddressed(value: Json): UpstreamRpcError | undefined {
  if (!isJsonObject(value) || (value['id'] !== null && value['id'] !== undefined)) return undefined
  const error = value['error']
  if (!isJsonObject(error) || typeof error['code'] !== 'number') return undefined
  const message = error['message']
  return new UpstreamRpcError(error['code'], typeof message === 'string' ? message : 'error', error['data'])
}

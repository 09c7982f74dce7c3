import { bodyOf, LARGE, withBody } from '../core/large-json.ts'
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts'
import { decodeUtf8Strict } from '../net/strict-json.ts'
import { garbage, readUpstreamMessage, type UpstreamMessage } from './upstream-message.ts'

/** What has to be known of a result before it is inspected. */
const HEAD = ['resultType', 'isError'] as const

/** A message as it crosses threads: `kept` = its result is only the head of the one that the bytes hold. */
export interface ReadMessage {
  readonly message: UpstreamMessage
  readonly kept: boolean
}

/** Reads a large message where that holds up nobody. @throws RemitError `upstream_garbage`. */
export function readLargeMessage(bytes: Uint8Array): ReadMessage {
  const message = readUpstreamMessage(decodeAnswer(bytes))
  if (message.kind !== 'response' || message.result === undefined) return { message, kept: false }
  // Questions are put to the client one by one, so they are needed as they are.
  if (message.result['resultType'] === 'input_required') return { message, kept: false }
  return { message: { kind: 'response', id: message.id, result: headOf(message.result) }, kept: true }
}

/** The message with its body, once both are back. */
export function joinMessage({ message, kept }: ReadMessage, bytes: Uint8Array): UpstreamMessage {
  if (!kept || message.kind !== 'response') return message
  return { ...message, result: withBody(message.result ?? {}, { kind: 'response', bytes }) }
}

/** The whole result of a response that was read. For callers who need all of it on this thread: lists. */
export function wholeResult(result: JsonObject): JsonObject {
  const body = bodyOf(result)
  return body?.kind === 'response' ? resultIn(body.bytes) : result
}

/** The result in the bytes of a response that is past the strict parser. */
export function resultIn(bytes: Uint8Array): JsonObject {
  const response = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString()) as Json
  const result = isJsonObject(response) ? response['result'] : undefined
  if (result === undefined || !isJsonObject(result)) throw garbage('it holds no result')
  return result
}

export function isLarge(bytes: Uint8Array): boolean {
  return bytes.length > LARGE
}

/** @throws RemitError `upstream_garbage`. */
export function decodeAnswer(bytes: Uint8Array): string {
  try {
    return decodeUtf8Strict(bytes)
  } catch (cause) {
    throw garbage(cause instanceof Error ? cause.message : 'it is not UTF-8', cause)
  }
}

function headOf(result: JsonObject): JsonObject {
  const head: Record<string, Json> = {}
  for (const name of HEAD) if (result[name] !== undefined) head[name] = result[name]
  return head
}

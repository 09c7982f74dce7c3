import { isJsonObject, type JsonObject } from '../core/json.ts'
import { decodeUtf8Strict, parseStrictJson } from '../net/strict-json.ts'
import type { LinkAnswer } from './bridge-link.ts'
import { SseParser } from './upstream-sse.ts'

const MAX_EVENT = 64 * 1024 * 1024

/**
 * Hands on every JSON-RPC message of a gateway's answer as it comes, JSON or event stream, whatever the status.
 * An answer that holds none hands on nothing.
 * @throws what the connection throws; RemitError for a stream that is garbage.
 */
export async function readAnswer(answer: LinkAnswer, receive: (message: JsonObject) => void): Promise<void> {
  const type = String(answer.headers['content-type'] ?? '')
  if (type.startsWith('text/event-stream')) {
    const parser = new SseParser(({ data }) => {
      const message = parseStrictJson(decodeUtf8Strict(data))
      if (isJsonObject(message)) receive(message)
    }, MAX_EVENT)
    for await (const chunk of answer.body) parser.push(chunk as Uint8Array)
    return
  }
  const text = await answer.body.text()
  if (!type.startsWith('application/json') || text === '') return
  const message = parseStrictJson(text)
  if (isJsonObject(message)) receive(message)
}

import { bodyOf, withBody, type LargeBody } from '../core/large-json.ts'
import type { Json, JsonObject } from '../core/json.ts'
import { mapUris } from './map-uris.ts'

/** Members that the door sets or leaves out by the client's era. */
const DRESSED = ['resultType', 'ttlMs', 'cacheScope', '_meta'] as const

/** An inspected answer as it crosses threads. */
export interface WrittenAnswer {
  readonly head: JsonObject
  readonly body: Extract<LargeBody, { kind: 'members' }>
}

/**
 * Writes an answer's members down where that holds up nobody; URIs that each endpoint names in its own way are left
 * out, to be put in by the door.
 * @param mark stands for them meanwhile: random, so that no answer can hold it.
 */
export function writeAnswer(answer: JsonObject, mark: string): WrittenAnswer {
  const head: Record<string, Json> = {}
  const members: Record<string, Json> = { ...answer }
  for (const name of DRESSED) {
    if (answer[name] === undefined) continue
    head[name] = answer[name]
    delete members[name]
  }
  const uris: string[] = []
  const marked = mapUris(members, (uri) => {
    uris.push(uri)
    return mark
  })
  const parts = JSON.stringify(marked).slice(1, -1).split(JSON.stringify(mark))
  if (parts.length !== uris.length + 1) throw new Error('the answer holds the mark')
  const cuts: number[] = []
  let length = 0
  for (const part of parts.slice(0, -1)) {
    length += Buffer.byteLength(part)
    cuts.push(length)
  }
  const bytes = new TextEncoder().encode(parts.join(''))
  return { head, body: { kind: 'members', bytes, cuts, uris } }
}

/** The answer with its URIs as an endpoint shows them. */
export function withUris(answer: JsonObject, expose: (uri: string) => string): JsonObject {
  const body = bodyOf(answer)
  return body?.kind === 'members' ? withBody(answer, { ...body, uris: body.uris.map(expose) }) : answer
}

/**
 * The pieces of a JSON-RPC response whose result has a body; undefined = it has none, and can be written as a whole.
 * @throws Error for a result that nobody inspected.
 */
export function responsePieces(message: JsonObject): readonly Uint8Array[] | undefined {
  const { result } = message
  const body = result === undefined ? undefined : bodyOf(result as JsonObject)
  if (body === undefined) return undefined
  const { result: _, ...envelope } = message
  if (body.kind !== 'members') throw new Error('a result would leave that was not inspected')
  const head = JSON.stringify(result).slice(0, -1)
  const comma = head.length > 1 && body.bytes.length > 0 ? ',' : ''
  const pieces: Uint8Array[] = [
    Buffer.from(`${JSON.stringify(envelope).slice(0, -1)},"result":${head}${comma}`),
  ]
  let from = 0
  for (const [at, cut] of body.cuts.entries()) {
    pieces.push(body.bytes.subarray(from, cut), Buffer.from(JSON.stringify(body.uris[at] ?? '')))
    from = cut
  }
  pieces.push(body.bytes.subarray(from), Buffer.from('}}'))
  return pieces
}

import type { IncomingMessage } from 'node:http'
import { RemitError } from '../core/errors.ts'
import type { Json } from '../core/json.ts'
import { readBody } from '../net/read-body.ts'
import { decodeUtf8Strict, parseStrictJson } from '../net/strict-json.ts'

/** @throws RemitError `body_type`, `body_*`, `json_*`. */
export async function readJson(request: IncomingMessage, cap: number): Promise<Json | undefined> {
  return parseJsonBody(await readBody(request, cap), request.headers['content-type'])
}

/** @throws RemitError `body_type`, `json_*`. */
export function parseJsonBody(bytes: Buffer, contentType: string | undefined): Json | undefined {
  if (bytes.length === 0) return undefined
  // Only a type that a foreign page cannot send without asking first.
  const type = (contentType ?? '').split(';')[0]?.trim().toLowerCase()
  if (type !== 'application/json') throw new RemitError('body_type', 'send the body as `application/json`')
  return parseStrictJson(decodeUtf8Strict(bytes))
}

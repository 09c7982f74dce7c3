import type { ServerResponse } from 'node:http'
import { isJsonObject } from '../core/json.ts'
import type { PlainReply } from './route.ts'

/** No script, no style, no frame, no form: the plane has one page and it is plain. */
export const PLAIN_HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
} as const

/** Writes the whole answer; a body that was refused unread ends the connection. */
export function sendReply(response: ServerResponse, reply: PlainReply): void {
  if (response.destroyed || response.headersSent) return
  const body = Buffer.from('json' in reply ? `${JSON.stringify(reply.json)}\n` : reply.text)
  const type = 'json' in reply ? 'application/json' : reply.type
  response.writeHead(reply.status, {
    ...PLAIN_HEADERS,
    ...hints(reply),
    ...reply.headers,
    'content-type': type,
    'content-length': body.length,
    ...(response.req.complete ? {} : { connection: 'close' }),
  })
  response.end(body)
}

/** Headers that HTTP wants beside some statuses. */
function hints(reply: PlainReply): Readonly<Record<string, string>> {
  const error = 'json' in reply && isJsonObject(reply.json) ? reply.json['error'] : undefined
  const data = isJsonObject(error) && isJsonObject(error['data']) ? error['data'] : {}
  const headers: Record<string, string> = {}
  if (reply.status === 401) headers['www-authenticate'] = 'Bearer realm="remit admin"'
  if (typeof data['retryAfter'] === 'number') headers['retry-after'] = String(data['retryAfter'])
  if (typeof data['allow'] === 'string') headers['allow'] = data['allow']
  return headers
}

import type { ServerResponse } from 'node:http'
import type { RemitError } from '../core/errors.ts'
import { challenge } from '../net/challenge.ts'

const PLAIN = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' }

export function sendJson(response: ServerResponse, body: object): void {
  if (response.destroyed) return
  response.writeHead(200, { ...PLAIN, 'content-type': 'application/json' })
  response.end(JSON.stringify(body))
}

/** §10.1.2: the message as text. */
export function sendError(response: ServerResponse, error: RemitError): void {
  if (response.headersSent) {
    response.destroy()
    return
  }
  const nonce = error.data?.['nonce']
  const allow = error.data?.['allow']
  response.writeHead(error.status === 200 ? 403 : error.status, {
    ...PLAIN,
    'content-type': 'text/plain; charset=utf-8',
    ...(error.status === 401 ? { 'www-authenticate': challenge(error.code) } : {}),
    ...(typeof nonce === 'string' ? { 'dpop-nonce': nonce } : {}),
    ...(typeof allow === 'string' ? { allow } : {}),
    ...(response.req.complete ? {} : { connection: 'close' }),
  })
  response.end(`${error.message}\n`)
}

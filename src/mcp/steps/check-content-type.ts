import type { IncomingHttpHeaders } from 'node:http'
import { RemitError } from '../../core/errors.ts'

/**
 * A browser cannot send `application/json` across origins without asking first, so this is also a defence.
 * @throws RemitError `body_type`.
 */
export function checkContentType(headers: IncomingHttpHeaders): void {
  const type = headers['content-type']
  if (type === 'application/json') return
  const essence = type?.split(';', 1)[0]?.trim().toLowerCase()
  if (essence === 'application/json') return
  throw new RemitError('body_type', 'the body must be `application/json`; say so in `Content-Type`')
}

/**
 * Whether an event stream may answer. A request without `Accept` takes JSON.
 * @throws RemitError `body_type` when the client takes neither form of answer.
 */
export function acceptsStream(headers: IncomingHttpHeaders): boolean {
  const accept = headers.accept
  if (accept === undefined) return false
  if (accept.includes('text/event-stream')) return true
  if (accept.includes('application/json') || accept.includes('*/*') || accept.includes('application/*')) {
    return false
  }
  throw new RemitError('body_type', 'answers are `application/json` or `text/event-stream`; accept one')
}

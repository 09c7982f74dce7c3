import type { IncomingMessage } from 'node:http'
import { RemitError } from '../core/errors.ts'

export const REQUEST_ID = 'x-request-id'

/** §10.1.3: the application's id of its request. @throws RemitError `request_invalid` for what no header can give back. */
export function givenRequestId({ headers }: IncomingMessage): string | undefined {
  const id = headers[REQUEST_ID]
  if (id === undefined || id === '') return undefined
  if (typeof id === 'string' && /^[\x20-\x7e]{1,200}$/.test(id)) return id
  throw new RemitError('request_invalid', '`X-Request-ID` must be 1 to 200 characters of ASCII')
}

/** RFC 7240 §4.3: milliseconds that the application wants to wait for an approval; 0 = it says none. */
export function waitWanted({ headers }: IncomingMessage): number {
  const [, seconds] =
    /(?:^|[,;])\s*wait\s*=\s*"?(\d{1,6})"?\s*(?:$|[,;])/i.exec(String(headers['prefer'] ?? '')) ?? []
  return seconds === undefined ? 0 : Number(seconds) * 1_000
}

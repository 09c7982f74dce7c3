import type { IncomingMessage } from 'node:http'
import { RemitError } from '../core/errors.ts'
import { readBody } from '../net/read-body.ts'

/** Bytes of a form. */
const MOST_FORM = 65_536

/** @throws RemitError `body_type`, `body_too_large`. */
export async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  if (!/^application\/x-www-form-urlencoded(;|$)/i.test(request.headers['content-type'] ?? '')) {
    throw new RemitError('body_type', 'send the form of this page')
  }
  return new URLSearchParams((await readBody(request, MOST_FORM)).toString('utf8'))
}

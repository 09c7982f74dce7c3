import { RemitError } from '../core/errors.ts'

/** Bytes of a form. */
export const MOST_FORM = 65_536

/** @param bytes at most `MOST_FORM`. @throws RemitError `body_type`. */
export function parseForm(bytes: Buffer, contentType: string | undefined): URLSearchParams {
  if (!/^application\/x-www-form-urlencoded(;|$)/i.test(contentType ?? '')) {
    throw new RemitError('body_type', 'send the form of this page')
  }
  return new URLSearchParams(bytes.toString('utf8'))
}

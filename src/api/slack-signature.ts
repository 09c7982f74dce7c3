import { createHash, createHmac } from 'node:crypto'
import { RemitError } from '../core/errors.ts'
import { equalSecrets } from '../net/constant-time.ts'

/** How far the clock of a request may be from ours, in ms. */
const WINDOW = 300_000
/** When nobody could send it again anyway, in ms after it was signed: other replicas' clocks differ. */
const REMEMBERED = 3 * WINDOW

export interface SignedBySlack {
  /** The same for the same request, however its headers are written. */
  readonly digest: string
  /** Milliseconds since the epoch until which it has to be known that it was heard. */
  readonly until: number
}

/**
 * That Slack sent these very bytes within five minutes (https://docs.slack.dev/authentication/verifying-requests-from-slack).
 * Of two headers of one name none counts.
 * @throws RemitError `signature_invalid`.
 */
export function verifySlack(
  { headers, body }: { readonly headers: NodeJS.Dict<string[]>; readonly body: Buffer },
  secret: string,
  now: number,
): SignedBySlack {
  const seconds = only(headers['x-slack-request-timestamp'])
  const signature = only(headers['x-slack-signature'])
  if (!/^\d{1,11}$/.test(seconds) || !/^v0=[0-9a-f]{64}$/.test(signature)) throw invalid()
  const signed = Buffer.concat([Buffer.from(`v0:${seconds}:`), body])
  if (!equalSecrets(signature, `v0=${createHmac('sha256', secret).update(signed).digest('hex')}`))
    throw invalid()
  const at = Number(seconds) * 1_000
  if (Math.abs(now - at) > WINDOW) throw invalid()
  return { digest: createHash('sha256').update(signed).digest('base64url'), until: at + REMEMBERED }
}

function only(values: string[] | undefined): string {
  return values?.length === 1 ? (values[0] ?? '') : ''
}

/** Which of it was wrong is nobody's business. */
function invalid(): RemitError {
  return new RemitError(
    'signature_invalid',
    'this is not signed by Slack for this gateway, or not within five minutes',
  )
}

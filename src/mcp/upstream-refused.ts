import { RemitError } from '../core/errors.ts'
import { type BearerChallenge, readBearerChallenge } from '../net/read-challenge.ts'
import type { Refusal } from './upstream-exchange.ts'

/** The server answered with a status instead of a result. */
export class HttpRefused extends RemitError {
  readonly refusal: Refusal

  constructor(refusal: Refusal, error: RemitError) {
    super(error.code, error.message, error.detail === undefined ? {} : { detail: error.detail })
    this.refusal = refusal
  }
}

/** What the server says of the token that it was sent; undefined = the refusal is about something else. */
export function challengeOf({ status, challenge }: Refusal): BearerChallenge | undefined {
  return status === 401 || status === 403 ? readBearerChallenge(challenge) : undefined
}

import { RemitError } from '../core/errors.ts'
import { challengeOf, HttpRefused } from './upstream-refused.ts'

/** The human as whom a server is reached, as one endpoint knows them. */
export interface TokenHolder {
  readonly server: string
  readonly human: string
  /** What is sent now. @throws RemitError `credential_needed`. */
  headers(): Readonly<Record<string, string>>
  /** What was sent was refused. @returns true = there is another to try. @throws RemitError `credential_needed`. */
  refused(authorization: string): Promise<boolean>
}

/**
 * A server refused a request: whether it is to be sent once more, with another token. A 401 makes the gateway renew the
 * token; only one with a `Bearer` challenge (RFC 6750 §3) proves that the request was not looked at.
 * @returns false = what was thrown stands. @throws RemitError `credential_needed`: the human has something to do.
 */
export async function mayTryAgain(holder: TokenHolder, sent: string, thrown: unknown): Promise<boolean> {
  if (!(thrown instanceof HttpRefused)) return false
  const { refusal } = thrown
  const challenge = challengeOf(refusal)
  if (challenge?.error === 'insufficient_scope') throw scopeNeeded(holder, challenge.scope)
  if (refusal.status !== 401) return false
  const another = await holder.refused(sent)
  if (another) return challenge !== undefined && (challenge.error ?? 'invalid_token') === 'invalid_token'
  throw new RemitError(
    'credential_needed',
    `\`${holder.server}\` refused the token of \`${holder.human}\` and nothing was run; they connect again with \`remit servers connect ${holder.server}\``,
  )
}

function scopeNeeded({ server, human }: TokenHolder, scope: string | undefined): RemitError {
  const wanted = scope === undefined ? 'more than' : `\`${scope}\`, which is more than`
  const flag = scope === undefined ? '--scope <scope>' : `--scope '${scope.replaceAll("'", '')}'`
  return new RemitError(
    'credential_needed',
    `\`${server}\` wants ${wanted} \`${human}\` agreed to, and ran nothing; they connect with more by \`remit servers connect ${server} ${flag}\``,
  )
}

import { RemitError } from '../core/errors.ts'
import type { Environment } from '../core/identity.ts'

/** One of a server's credentials and the calls that it is for; what is left out is no condition. */
export interface CredentialEntry {
  readonly effect?: 'read' | 'write'
  readonly environments?: readonly Environment[]
  readonly headers: Readonly<Record<string, string>>
}

export interface CredentialCase {
  readonly server: string
  readonly effect: 'read' | 'write'
  /** The one that policy sees; absent = no task's, as for a check. */
  readonly environment: Environment | undefined
}

/** The first that fits. @throws RemitError `credential_needed` where none does: then nothing may be sent. */
export function chooseCredential(
  entries: readonly CredentialEntry[],
  { server, effect, environment }: CredentialCase,
): CredentialEntry {
  const found = entries.find(
    (entry) =>
      (entry.effect === undefined || entry.effect === effect) &&
      (entry.environments === undefined ||
        (environment !== undefined && entry.environments.includes(environment))),
  )
  if (found !== undefined) return found
  const where = environment === undefined ? 'outside of a task' : `in the environment \`${environment}\``
  throw new RemitError(
    'credential_needed',
    `the gateway has no credential to ${effect} with on \`${server}\` ${where}; nothing was sent. An administrator can add one under \`servers.${server}.credentials\``,
  )
}

import { effectiveEnvironment } from '../core/identity.ts'
import { chooseCredential, type CredentialEntry } from '../gate/choose-credential.ts'
import type { CredentialBroker, UpstreamCredentials } from '../gate/credentials.ts'

const NONE: UpstreamCredentials = { headers: {} }

/** Gives each call what its server needs for exactly this call. @param held by server; absent = the same for all. */
export function createCredentialBroker(
  held: (server: string) => readonly CredentialEntry[] | undefined,
): CredentialBroker {
  return {
    credentialsFor: ({ server, chain: { task }, effect }) => {
      const entries = held(server)
      if (entries === undefined) return NONE
      return chooseCredential(entries, { server, effect, environment: effectiveEnvironment(task) })
    },
  }
}

import type { CredentialBroker, UpstreamCredentials } from '../gate/credentials.ts'

const NONE: UpstreamCredentials = { headers: {} }

/**
 * Where nothing is forwarded, as when recorded calls are decided again: nothing is added to a call.
 */
export function createNoCredentials(): CredentialBroker {
  return { credentialsFor: () => NONE }
}

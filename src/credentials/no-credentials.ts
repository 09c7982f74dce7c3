import type { CredentialBroker } from '../gate/credentials.ts'

/**
 * For an installation whose servers have what they need in their configured environment and headers: nothing is
 * added to a call. A vault and per-human credentials come behind the same port.
 */
export function createNoCredentials(): CredentialBroker {
  return { credentialsFor: () => Promise.resolve({ headers: {} }) }
}

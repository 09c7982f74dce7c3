import type { ServerKey } from '../core/ids.ts'
import type { TaskChain } from '../core/identity.ts'

/** What the gateway adds to a forwarded call; the agent never holds it. */
export interface UpstreamCredentials {
  readonly headers: Readonly<Record<string, string>>
}

/** What the credential is for. */
export interface CredentialUse {
  readonly server: ServerKey
  readonly chain: TaskChain
  /** `read` = every operation of the call only reads. */
  readonly effect: 'read' | 'write'
}

/** @throws RemitError when a credential that the server needs cannot be had: the call does not leave. */
export interface CredentialBroker {
  credentialsFor(use: CredentialUse): UpstreamCredentials | Promise<UpstreamCredentials>
}

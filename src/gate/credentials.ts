import type { ServerKey, TenantId } from '../core/ids.ts'
import type { TaskChain } from '../core/identity.ts'

/** What the gateway adds to a forwarded call; the agent never holds it. */
export interface UpstreamCredentials {
  readonly headers: Readonly<Record<string, string>>
}

/** @throws RemitError when a credential that the server needs cannot be had: the call does not leave. */
export interface CredentialBroker {
  credentialsFor(tenant: TenantId, server: ServerKey, chain: TaskChain): Promise<UpstreamCredentials>
}

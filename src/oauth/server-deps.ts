import type { Journal } from '../audit/journal.ts'
import type { Clock, Entropy } from '../core/clock.ts'
import type { TenantId } from '../core/ids.ts'
import type { Log } from '../core/log.ts'
import type { OAuthTasks } from '../gate/oauth-tasks.ts'
import type { TokenKeys } from '../identity/token-keys.ts'
import type { Introspection } from './introspect.ts'
import type { OAuthStore } from './oauth-store.ts'

/** Everything that the authorization server is given. */
export interface AuthorizationServerDeps {
  readonly tenant: TenantId
  /** Base URL of the agent plane, without a slash at its end; where clients find the server. */
  readonly issuer: string
  /** The one audience of its tokens (RFC 8707): the MCP endpoint. */
  readonly audience: string
  /** Base URL of the admin plane, where people answer. */
  readonly adminUrl: string
  readonly store: OAuthStore
  readonly journal: Journal
  readonly tasks: OAuthTasks
  readonly keys: TokenKeys
  /** Absent = nobody may ask. */
  readonly introspection?: Introspection | undefined
  /** 32 bytes behind the nonces of proofs at the token endpoint (RFC 9449 §8). */
  readonly nonceSecret: Buffer
  readonly nonceRequired: boolean
  /** Whether clients are asked for certificates, so that tokens can be bound to them. */
  readonly clientCertificates: boolean
  /** Signs cookies. */
  readonly cookieKey: string
  /** Fetches documents of clients: public addresses over TLS only, no redirects. */
  readonly fetchDocument: (url: string, init: RequestInit) => Promise<Response>
  readonly clock: Clock
  readonly entropy: Entropy
  readonly log: Log
}

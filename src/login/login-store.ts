import type { TenantId } from '../core/ids.ts'
import type { StoredOAuthEntry } from '../core/oauth-entry.ts'

/**
 * Reads what logging in keeps: sessions, passkeys, invitations, what was spent. It lies beside what the authorization
 * server keeps, in entries of the same shape, and is written by the journal, like everything.
 */
export interface LoginStore {
  get(tenant: TenantId, model: string, id: string): Promise<StoredOAuthEntry | undefined>
  /** Everything of one kind and human, oldest first, whether or not it has expired or was used up. */
  list(tenant: TenantId, model: string, uid: string): Promise<readonly StoredOAuthEntry[]>
}

import type { TenantId } from '../core/ids.ts'
import type { StoredOAuthEntry } from '../core/oauth-entry.ts'

/** Reads what the authorization server keeps; written by the journal, like everything. */
export interface OAuthStore {
  get(tenant: TenantId, model: string, id: string): Promise<StoredOAuthEntry | undefined>
  find(
    tenant: TenantId,
    model: string,
    by: 'uid' | 'userCode',
    value: string,
  ): Promise<StoredOAuthEntry | undefined>
}

import type { TenantId } from '../core/ids.ts'
import type { StoredSecret } from '../core/stored-secret.ts'

/** Reading sealed secrets. Writing goes through the journal, so that none changes without a record. */
export interface SecretStore {
  /** All of a tenant, by name. */
  list(tenant: TenantId): Promise<readonly StoredSecret[]>
}

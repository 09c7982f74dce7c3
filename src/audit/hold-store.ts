import type { LegalHold } from '../core/erasure.ts'
import type { TenantId } from '../core/ids.ts'

/** Legal holds that nobody lifted. */
export interface HoldStore {
  /** By id, in the order of their characters. */
  list(tenant: TenantId): Promise<readonly LegalHold[]>
}

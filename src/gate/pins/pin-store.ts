import type { TenantId } from '../../core/ids.ts'
import type { ToolPin } from '../../core/tool-pin.ts'

/** Reading pins. Writing goes through the journal, by compare and set, so that none changes without a record. */
export interface PinStore {
  /** All of a tenant, by server and name. */
  list(tenant: TenantId): Promise<readonly ToolPin[]>
}

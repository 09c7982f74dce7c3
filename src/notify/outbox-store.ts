import type { Delivery } from '../core/delivery.ts'
import type { TenantId } from '../core/ids.ts'

/** Reading what is to be told. Writing goes through the journal, in the unit of work that it tells of. */
export interface OutboxStore {
  /** What may be tried by `now` (milliseconds since the epoch), longest due first; of one channel, or of all. */
  due(
    tenant: TenantId,
    wanted: { readonly channel?: string; readonly now: number; readonly limit: number },
  ): Promise<readonly Delivery[]>
}

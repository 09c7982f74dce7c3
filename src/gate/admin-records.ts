import type { JsonObject } from '../core/json.ts'
import type { Protection } from '../core/facts.ts'
import type { TenantId } from '../core/ids.ts'
import { RECORD_VERSION, type NewRecord, type RecordDetail, type RecordKind } from '../core/record.ts'

/** A record that no task is behind: the gateway's own life, its configuration, who read what. */
export function adminRecord(
  gateway: { readonly tenant: TenantId; readonly protection: Protection },
  event: {
    readonly kind: Exclude<RecordKind, 'decision' | 'outcome' | 'list'>
    readonly id: string
    /** Milliseconds since the epoch. */
    readonly at: number
    readonly actor?: string
    readonly data?: JsonObject
    readonly detail?: RecordDetail
  },
): NewRecord {
  const { kind, id, at, actor, data, detail } = event
  return {
    envelope: {
      v: RECORD_VERSION,
      kind,
      id,
      tenant: gateway.tenant,
      at: new Date(at).toISOString(),
      protection: gateway.protection,
      ...(actor === undefined ? {} : { actor }),
      ...(data === undefined ? {} : { data }),
    },
    ...(detail === undefined ? {} : { detail }),
  }
}

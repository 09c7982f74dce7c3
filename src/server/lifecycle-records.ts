import type { Journal } from '../audit/journal.ts'
import type { Clock, Entropy } from '../core/clock.ts'
import type { Protection } from '../core/facts.ts'
import { newId, type TenantId } from '../core/ids.ts'
import type { JsonObject } from '../core/json.ts'
import type { RecordKind } from '../core/record.ts'
import { adminRecord } from '../gate/admin-records.ts'

export interface LifecycleDeps {
  readonly journal: Journal
  readonly clock: Clock
  readonly entropy: Entropy
  readonly tenant: TenantId
  readonly protection: Protection
}

type LifecycleKind = Extract<
  RecordKind,
  | 'gateway.started'
  | 'gateway.stopped'
  | 'config.loaded'
  | 'config.refused'
  | 'server.changed'
  | 'server.held'
  | 'directory.changed'
  | 'policy.loaded'
  | 'policy.refused'
  | 'policy.held'
  | 'policy.accepted'
  | 'observe.changed'
  | 'observe.held'
  | 'approver.added'
  | 'ledger.heartbeat'
  | 'access.refused'
>

/** What the gateway itself does, on the record. */
export type RecordLifecycle = (
  kind: LifecycleKind,
  data: JsonObject,
  more?: { readonly actor?: string; readonly comment?: string },
) => Promise<void>

/** @throws RemitError `ledger_unavailable`, `ledger_busy`, as every commit. */
export function createLifecycleRecorder(deps: LifecycleDeps): RecordLifecycle {
  return async (kind, data, more = {}) => {
    const { actor, comment } = more
    const record = adminRecord(deps, {
      kind,
      id: newId('gwy', deps.entropy.bytes(16)),
      at: deps.clock.now(),
      data,
      ...(actor === undefined ? {} : { actor }),
      ...(comment === undefined ? {} : { detail: { comment } }),
    })
    await deps.journal.commit({ records: [record], changes: [] })
  }
}

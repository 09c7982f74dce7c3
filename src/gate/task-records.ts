import type { Assertion } from '../core/assertion.ts'
import type { Clock } from '../core/clock.ts'
import type { JsonObject } from '../core/json.ts'
import type { TaskChain } from '../core/identity.ts'
import { RECORD_VERSION, type NewRecord, type RecordKind } from '../core/record.ts'
import { identityOf } from './build-records.ts'
import type { GateSettings } from './gate-deps.ts'

/** A step in the life of a task. What it may is kept, erasably, with it. */
export function taskRecord(
  deps: { readonly clock: Clock; readonly settings: Pick<GateSettings, 'protection'> },
  chain: TaskChain,
  step: {
    readonly kind: Extract<RecordKind, `task.${string}`>
    readonly actor: string
    /** How the actor proved who they are; `task-token` = an agent asked for a child. */
    readonly credential: 'approver' | 'stored' | 'task-token' | 'workload'
    readonly comment?: string
    readonly data?: JsonObject
    /** What the actor’s passkey signed under it. */
    readonly assertion?: Assertion | undefined
  },
): NewRecord {
  const { kind, actor, credential, comment, data, assertion } = step
  const { task } = chain
  return {
    envelope: {
      v: RECORD_VERSION,
      kind,
      id: task.id,
      tenant: task.tenant,
      at: new Date(deps.clock.now()).toISOString(),
      identity: identityOf(chain),
      protection: deps.settings.protection,
      actor,
      data: {
        ...data,
        credential,
        expires: new Date(task.expires).toISOString(),
        origin: task.origin,
        ...(task.holder === undefined ? {} : { holder: task.holder }),
      },
    },
    detail: {
      intent: task.intent,
      data: {
        scope: task.scope,
        budget: { ...task.budget },
        workspace: task.workspace ?? null,
        ...(task.workload === undefined ? {} : { workload: { ...task.workload } }),
        ...(assertion === undefined ? {} : { assertion: { ...assertion } }),
      },
      ...(comment === undefined ? {} : { comment }),
    },
  }
}

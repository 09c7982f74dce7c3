import type { Approval, DecidingChannel } from '../core/approval.ts'
import type { JsonObject } from '../core/json.ts'
import type { TaskChain } from '../core/identity.ts'
import { RECORD_VERSION, type NewRecord, type RecordKind } from '../core/record.ts'
import { approvalSummary, identityOf } from './build-records.ts'
import type { GateDeps } from './gate-deps.ts'

/** One step in the life of an approval: what an approver saw is kept, erasably, with the request. */
export function approvalRecord(
  deps: GateDeps,
  step: {
    readonly kind: Extract<RecordKind, `approval.${string}`>
    readonly approval: Approval
    readonly now: number
    /** Of the task that asked; absent only when it cannot be loaded any more. */
    readonly chain: TaskChain | undefined
    readonly actor?: string
    /** Where they did it, if neither in the console nor on the command line. */
    readonly channel?: DecidingChannel
    readonly comment?: string
  },
): NewRecord {
  const { approval, chain } = step
  return {
    envelope: {
      v: RECORD_VERSION,
      kind: step.kind,
      id: approval.id,
      tenant: approval.tenant,
      at: new Date(step.now).toISOString(),
      ...(chain === undefined ? {} : { identity: identityOf(chain) }),
      protection: deps.settings.protection,
      ...(step.actor === undefined ? {} : { actor: step.actor }),
      approval: approvalSummary(approval),
      data: {
        decision: approval.decision,
        gates: approval.gates.map((gate) => gate.scope),
        ...escalations(approval),
        ...(approval.policyHash === undefined ? {} : { policyHash: approval.policyHash }),
        task: approval.task,
        ...(step.channel === undefined ? {} : { channel: step.channel }),
      },
    },
    detail: {
      ...assertionsOf(step),
      ...(step.kind === 'approval.requested' ? asked(approval) : {}),
      ...(step.comment === undefined ? {} : { comment: step.comment }),
    },
  }
}

/** Gates that others may close as well, and who closed one only since then. */
function escalations({ escalated, votes }: Approval): JsonObject {
  const late = votes.filter((vote) => vote.escalated === true).map(({ gate, human }) => ({ gate, human }))
  return {
    ...(escalated === undefined ? {} : { escalated }),
    ...(late.length === 0 ? {} : { agreedSince: late }),
  }
}

/** What people saw, and seals of what it stood for: erased together, and neither is in a leaf. */
function asked({ prompt, world }: Approval): NonNullable<NewRecord['detail']> {
  if (world === undefined) return { prompt }
  const held = world.held.map((each) => ({ ...each }))
  return { prompt, data: { world: { salt: world.salt, held, loose: world.loose } } }
}

/** What passkeys signed under it, kept with what it stands for; whoever reads the records can check it again. */
function assertionsOf({ kind, approval }: { kind: string; approval: Approval }) {
  if (kind !== 'approval.voted' && kind !== 'approval.granted') return {}
  const assertions = approval.votes.flatMap(({ human, gate, assertion }) =>
    assertion === undefined ? [] : [{ human, gate, assertion: { ...assertion } }],
  )
  return assertions.length === 0 ? {} : { data: { assertions } }
}

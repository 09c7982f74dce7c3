import type { Gate } from './decision.ts'
import type { ApprovalId, DecisionId, Digest, HumanId, ServerKey, TaskId, TenantId } from './ids.ts'

export type ApprovalState = 'pending' | 'granted' | 'refused' | 'expired' | 'cancelled' | 'used'

/** One human's answer to one gate. */
export interface Vote {
  readonly gate: string
  readonly human: HumanId
  readonly at: number
  readonly comment?: string
}

/** A request for consent, bound to one exact call. `granted ▸ used` happens once. */
export interface Approval {
  readonly tenant: TenantId
  readonly id: ApprovalId
  readonly task: TaskId
  readonly human: HumanId
  readonly server: ServerKey
  readonly tool: string
  /** Digest of what would run: task, server, tool, pinned definition, canonical arguments, policy hash. */
  readonly call: Digest
  /** The decision that asked. */
  readonly decision: DecisionId
  readonly gates: readonly Gate[]
  /** What an approver is shown, rendered when the request was made; kept as evidence. */
  readonly prompt: string
  readonly state: ApprovalState
  readonly votes: readonly Vote[]
  readonly refusal?: { readonly human: HumanId; readonly at: number; readonly reason: string }
  readonly created: number
  readonly expires: number
}

import type { Assertion } from './assertion.ts'
import type { Action } from './actions.ts'
import type { Gate } from './decision.ts'
import type { AskedCall, Coverage, PastWork } from './grant.ts'
import type { ApprovalId, DecisionId, Digest, GrantId, HumanId, ServerKey, TaskId, TenantId } from './ids.ts'
import type { TaskOrigin } from './identity.ts'
import type { Label } from './labels.ts'
import type { Widening } from './widening.ts'
import type { SealedWorld } from './world.ts'

export type ApprovalState = 'pending' | 'granted' | 'refused' | 'expired' | 'cancelled' | 'used'

/** Where people decide beside the console and the command line. */
export type DecidingChannel = 'slack'

/** One human's answer to one gate. */
export interface Vote {
  readonly gate: string
  readonly human: HumanId
  /** Whose deputy they were, with whose rights they agreed; absent = their own. */
  readonly for?: HumanId
  readonly at: number
  /** Absent = the console, or the command line. */
  readonly channel?: DecidingChannel
  readonly comment?: string
  /** They could close the gate only since it was open to the group of `@escalate_to`; that it was then, stays so. */
  readonly escalated?: true
  /** They agreed for the rest of the task, not for this call alone. */
  readonly grant?: 'task'
  /** Along which axis that may go beyond the same work; absent = not. */
  readonly widen?: Widening
  /** What their passkey signed under it. */
  readonly assertion?: Assertion
}

/** What the approvers of a request may agree to beyond the one call. */
export interface GrantOffer {
  readonly covers: Coverage
  /** What they may choose instead, one for each axis that is safe for this call; absent = none. */
  readonly wider?: readonly Coverage[]
  readonly call?: AskedCall
  /** Milliseconds since the epoch: the end of the task, or of one that it comes from. */
  readonly expires: number
}

/** What a channel outside the admin plane may say of a request, in parts, so that each can be left out for its labels. */
export interface Outline {
  readonly workflow: string
  readonly agent: string
  readonly intent: string
  /** Whose words the intent is. */
  readonly origin: TaskOrigin
  readonly operations: readonly {
    readonly action: Action
    /** In words, with its target: text of the agent's, made visible and folded. */
    readonly text: string
    readonly labels: readonly Label[]
  }[]
  /** Operations that are not in the list. */
  readonly more: number
  /** Of all operations, also those not in the list; absent = not known. */
  readonly labels?: readonly Label[]
  /** Labels of what the tree of tasks had read: whatever the agent writes may hold it. */
  readonly read: readonly Label[]
}

/** A request for consent, bound to one exact call. `granted ▸ used` happens once. */
export interface Approval {
  readonly tenant: TenantId
  readonly id: ApprovalId
  readonly task: TaskId
  /** Root of the tree that asked, whose requests are counted together; absent = a person asked. */
  readonly root?: TaskId
  readonly human: HumanId
  readonly server: ServerKey
  readonly tool: string
  /** Digest of what would run: task, server, tool, pinned definition, canonical arguments. */
  readonly call: Digest
  /** Digests of the operations that asked: whoever does all of these does what was asked about. */
  readonly work?: readonly string[]
  /** The decision that asked. */
  readonly decision: DecisionId
  /** Of the policies that asked; absent = a person asked. */
  readonly policyHash?: string
  readonly gates: readonly Gate[]
  /** What an approver is shown, rendered when the request was made; kept as evidence. */
  readonly prompt: string
  /** What its arguments stood for; absent = nobody looked, or a person asks. */
  readonly world?: SealedWorld
  /** Why an earlier approval of the same call no longer counts, in words; absent = there was none. */
  readonly again?: string
  /** Scopes of gates of which was told that others may close them as well. */
  readonly escalated?: readonly string[]
  /** Why it was withdrawn, in words. */
  readonly withdrawn?: string
  /** Absent = channels tell nothing of what it is about. */
  readonly outline?: Outline
  readonly state: ApprovalState
  readonly votes: readonly Vote[]
  /** Absent = this can be agreed to once only. */
  readonly offer?: GrantOffer
  /** The grant that it made. */
  readonly grant?: GrantId
  readonly refusal?: {
    readonly human: HumanId
    readonly at: number
    readonly reason: string
    readonly channel?: DecidingChannel
  }
  readonly created: number
  readonly expires: number
}

/** As it is shown to one who may decide. `past`: absent = it offers nothing that lasts, or records were erased. */
export type ShownApproval = Approval & { readonly past?: PastWork }

import type { Gate } from './decision.ts'
import type { ApprovalId, Digest, GrantId, HumanId, ServerKey, TaskId, TenantId } from './ids.ts'
import type { JsonObject } from './json.ts'
import type { Operation } from './operation.ts'
import type { ToolCall, ToolDefinition } from './tool-call.ts'
import type { Slot, Widening } from './widening.ts'

/** One operation that a grant covers: this action on this target with these labels, and no other. */
export type CoveredOperation = Pick<Operation, 'action' | 'labels'> & {
  readonly resource: { readonly type: string; readonly id: string }
}

/** The work that an approval may cover for the rest of a task, in full: what people see is what is matched. */
export interface Coverage {
  /** Digest of all that must be the same: `coverageOf`. */
  readonly digest: Digest
  readonly operations: readonly CoveredOperation[]
  /** Without notes that only describe the call to people. */
  readonly arguments: JsonObject
  /** Names of those notes, which may differ. */
  readonly notes: readonly string[]
  /** Names of files may differ as well: those of `slots`, which stand as patterns above. Absent = nothing may. */
  readonly wider?: {
    readonly axis: Widening
    readonly slots: readonly Slot[]
    /** What may run, in words; names in it are the agent’s. */
    readonly text: string
  }
}

/** A call as its approver was asked about it, so that what it would run can be looked at again. */
export type AskedCall = Omit<ToolCall, 'correlation' | 'definition'> & {
  readonly definition?: Pick<ToolDefinition, 'digest' | 'name'>
}

/**
 * Consent that lasts: the same work of the same task runs without another question until it ends. It holds for the
 * acting task alone, never for a child: a child is another agent with words of its own, of which the approver has
 * seen nothing, and has an approval of its own asked for it.
 */
export interface Grant {
  readonly tenant: TenantId
  readonly id: GrantId
  readonly task: TaskId
  readonly human: HumanId
  readonly server: ServerKey
  readonly tool: string
  readonly covers: Coverage
  /** The call that was asked about; absent = not kept, so that a list cannot say whether a manifest changed. */
  readonly call?: AskedCall
  /** The gates that were closed; another one, or one of these grown stricter, asks anew. */
  readonly gates: readonly Gate[]
  /** The approval that it came from. */
  readonly approval: ApprovalId
  /** Who agreed. */
  readonly by: readonly HumanId[]
  /** Milliseconds since the epoch; `expires` is never after the end of the task. */
  readonly created: number
  readonly expires: number
  /** Calls that ran under it. */
  readonly uses: number
  readonly revoked?: { readonly at: number; readonly by: HumanId; readonly reason: string }
}

/** `lapsed`: why it lets nothing run though it was neither revoked nor ran out; absent = it does, or see its state. */
export type ListedGrant = Grant & { readonly lapsed?: string }

export type GrantState = 'active' | 'revoked' | 'expired'

/** Revocation outranks expiry, so that a list says what a person did. */
export function grantState(grant: Pick<Grant, 'revoked' | 'expires'>, now: number): GrantState {
  if (grant.revoked !== undefined) return 'revoked'
  return now >= grant.expires ? 'expired' : 'active'
}

/** What consent for the rest of a task would have covered before: decisions on record about exactly that work. */
export interface PastWork {
  /** Newest decisions about calls of the same human that were looked through. */
  readonly looked: number
  /** Of those: the same work of the same task, and of other tasks, which the grant would not cover. */
  readonly times: number
  readonly elsewhere: number
  /** Milliseconds since the epoch: when the task last asked for it. */
  readonly last?: number
  /** Of each widening that is offered the same, with what it would have let by, newest first. */
  readonly wider?: readonly PastWidening[]
}

export interface PastWidening {
  readonly axis: Widening
  readonly times: number
  readonly elsewhere: number
  /** Names of files, of this task alone; a few. */
  readonly examples: readonly string[]
}

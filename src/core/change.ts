import type { Approval } from './approval.ts'
import type { ConsentLimits } from './consent-limits.ts'
import type { Delivery } from './delivery.ts'
import type { ErasureChange } from './erasure.ts'
import type { FactIncrements } from './facts.ts'
import type { Grant } from './grant.ts'
import type { ApprovalId, GrantId, HumanId, TaskId, TenantId } from './ids.ts'
import type { BudgetCount, Task } from './identity.ts'
import type { OAuthEntry } from './oauth-entry.ts'
import type { NewRecord } from './record.ts'
import type { Halt, HaltTarget } from './standing.ts'
import type { StoredSecret } from './stored-secret.ts'
import type { ToolPin } from './tool-pin.ts'

/** What a unit of work changes beside the ledger. */
export type Change =
  | ErasureChange
  | { readonly kind: 'insert-task'; readonly task: Task }
  | {
      readonly kind: 'revoke-task'
      readonly tenant: TenantId
      readonly task: TaskId
      readonly at: number
      readonly by: HumanId
      readonly reason: string
    }
  /** The first ending stands; completing a revoked task changes nothing. */
  | {
      readonly kind: 'complete-task'
      readonly tenant: TenantId
      readonly task: TaskId
      readonly at: number
      readonly by: string
    }
  /** Compare and set: conflicts unless the task still ends at `from`, and nobody revoked or completed it. */
  | {
      readonly kind: 'renew-task'
      readonly tenant: TenantId
      readonly task: TaskId
      readonly from: number
      readonly expires: number
    }
  /** Compare and set: conflicts unless this holder, or none, still holds the task, and it has not ended. */
  | {
      readonly kind: 'hold-task'
      readonly tenant: TenantId
      readonly task: TaskId
      readonly from: string | undefined
      /** Undefined = nobody holds it any more. */
      readonly holder: string | undefined
    }
  /** Conflicts when the same is halted already. */
  | { readonly kind: 'put-halt'; readonly halt: Halt }
  /** Conflicts when it is not halted. */
  | {
      readonly kind: 'lift-halt'
      readonly tenant: TenantId
      readonly target: HaltTarget
      readonly id: string
    }
  /** What people may do changed elsewhere: whoever decides with what was so before has to look again. */
  | { readonly kind: 'advance-standing'; readonly tenant: TenantId }
  /** Conflicts when something was revoked, completed, halted, lifted or advanced since this revision was read. */
  | { readonly kind: 'expect-standing'; readonly tenant: TenantId; readonly revision: number }
  /**
   * Conflicts when an approval for the same task and call is already pending or granted, or the tree of tasks has
   * asked as much as it may: `created` of the approval is the moment at which that is looked at.
   */
  | { readonly kind: 'insert-approval'; readonly approval: Approval; readonly within?: ConsentLimits }
  /** Compare and set: conflicts unless the stored approval still has this state and number of votes. */
  | {
      readonly kind: 'update-approval'
      readonly from: { readonly id: ApprovalId; readonly state: Approval['state']; readonly votes: number }
      readonly approval: Approval
    }
  /** Compare and set: conflicts unless the stored delivery has the revision before this one's (none = 0). */
  | { readonly kind: 'put-delivery'; readonly delivery: Delivery }
  /** Conflicts unless it is there in this revision. */
  | {
      readonly kind: 'remove-delivery'
      readonly tenant: TenantId
      readonly id: string
      readonly revision: number
    }
  /** Compare and set: conflicts unless the stored pin has the revision before this one's (none = 0). */
  | { readonly kind: 'put-pin'; readonly pin: ToolPin }
  /** Compare and set: conflicts unless the stored entry has the version before this one's (none = 0). */
  | { readonly kind: 'put-secret'; readonly secret: StoredSecret }
  /** The same value under another key: conflicts unless the stored entry has this version and that key. */
  | { readonly kind: 'reseal-secret'; readonly secret: StoredSecret; readonly from: string }
  /** Conflicts unless the entry is there in this version. */
  | {
      readonly kind: 'remove-secret'
      readonly tenant: TenantId
      readonly name: string
      readonly version: number
    }
  /** Puts or replaces; what was consumed stays consumed. Entries that expired before `at` are forgotten. */
  | { readonly kind: 'put-oauth'; readonly entry: OAuthEntry }
  /** Uses up: conflicts unless the entry is there and nobody used it, so that of two who try one succeeds. */
  | {
      readonly kind: 'consume-oauth'
      readonly tenant: TenantId
      readonly model: string
      readonly id: string
      readonly at: number
    }
  /** Conflicts when it is not there. */
  | { readonly kind: 'remove-oauth'; readonly tenant: TenantId; readonly model: string; readonly id: string }
  /** Conflicts when the task has another grant for the same work that nobody revoked. */
  | { readonly kind: 'insert-grant'; readonly grant: Grant }
  /** Counts one more use; conflicts unless the grant is there and not revoked. */
  | { readonly kind: 'use-grant'; readonly tenant: TenantId; readonly grant: GrantId }
  /** The first revocation stands. */
  | {
      readonly kind: 'revoke-grant'
      readonly tenant: TenantId
      readonly grant: GrantId
      readonly at: number
      readonly by: HumanId
      readonly reason: string
    }
  /** Atomic add, on the root of a delegation tree or of a part of one; conflicts where a count would go over its limit. */
  | {
      readonly kind: 'add-facts'
      readonly tenant: TenantId
      readonly root: TaskId
      readonly add: FactIncrements
      readonly limits?: { readonly [C in BudgetCount]?: number }
    }
  /** Once more, or for the first time where the mark is another; conflicts where the count would be over `most`. */
  | {
      readonly kind: 'add-tally'
      readonly tenant: TenantId
      readonly root: TaskId
      readonly what: string
      readonly mark: number
      readonly most?: number
    }

/** Records and the changes that they record: all of it becomes durable, or none. */
export interface UnitOfWork {
  readonly records: readonly NewRecord[]
  readonly changes: readonly Change[]
}

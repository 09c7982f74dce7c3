import type { Approval, ApprovalState } from './approval.ts'
import type { Grant } from './grant.ts'
import type { HumanId, TaskId, TenantId } from './ids.ts'
import type { Task } from './identity.ts'

/** What lies beside a record and can be destroyed. */
export const ERASABLE_PARTS = ['detail', 'payload'] as const
export type ErasablePart = (typeof ERASABLE_PARTS)[number]

/** First and last index of records that stand one after the other. */
export type RecordRange = readonly [first: number, last: number]

/** Which records an erasure is of: those that all of what is given names. */
export interface ErasureSelection {
  /** First and last index. */
  readonly records?: RecordRange
  /** The task and all below it. */
  readonly task?: string
  /** Whose task it was, or who did it. */
  readonly human?: string
  /** Milliseconds since the epoch: what is older. */
  readonly before?: number
}

/** What nothing may be erased of. `time`: records from `from` until before `until`, milliseconds since the epoch. */
export type HoldTarget =
  | { readonly target: 'tenant' }
  | { readonly target: 'task'; readonly task: string }
  | { readonly target: 'human'; readonly human: string }
  | { readonly target: 'time'; readonly from: number; readonly until: number }

/** A legal hold, until it is lifted. */
export interface LegalHold {
  readonly tenant: TenantId
  readonly id: string
  readonly covers: HoldTarget
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly by: HumanId
  readonly reason: string
}

/** Erasures and holds, as units of work say them. Rows come as they are to be from now on. */
export type ErasureChange =
  /** Destroys these parts of the records in the ranges, with their salts; what is not there is no conflict. */
  | {
      readonly kind: 'content-erased'
      readonly tenant: TenantId
      readonly ranges: readonly RecordRange[]
      readonly parts: readonly ErasablePart[]
    }
  /** Compare and set: conflicts unless the stored approval still has this state and number of votes. */
  | {
      readonly kind: 'approval-erased'
      readonly approval: Approval
      readonly from: { readonly state: ApprovalState; readonly votes: number }
    }
  /** Conflicts when it is not there. */
  | { readonly kind: 'grant-erased'; readonly grant: Grant }
  /** Conflicts when it is not there. */
  | { readonly kind: 'task-erased'; readonly task: Task }
  /** What its tree was counted by. */
  | { readonly kind: 'tallies-erased'; readonly tenant: TenantId; readonly root: TaskId }
  /** Leaves nothing of what was erased in free space, as far as the store can. */
  | { readonly kind: 'erasure-settled'; readonly tenant: TenantId }
  /** Conflicts when there is one of this id. */
  | { readonly kind: 'put-hold'; readonly hold: LegalHold }
  /** Conflicts when there is none of this id. */
  | { readonly kind: 'lift-hold'; readonly tenant: TenantId; readonly id: string }
  /** Conflicts unless these are all holds there are; ids in the order of their characters. */
  | { readonly kind: 'expect-holds'; readonly tenant: TenantId; readonly ids: readonly string[] }

const KINDS: { readonly [Kind in ErasureChange['kind']]: true } = {
  'content-erased': true,
  'approval-erased': true,
  'grant-erased': true,
  'task-erased': true,
  'tallies-erased': true,
  'erasure-settled': true,
  'put-hold': true,
  'lift-hold': true,
  'expect-holds': true,
}

export function isErasureChange(change: { readonly kind: string }): change is ErasureChange {
  return Object.hasOwn(KINDS, change.kind)
}

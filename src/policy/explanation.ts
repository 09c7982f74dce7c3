import type { Decision, Effect } from '../core/decision.ts'

/** Why a request is decided as it is: data for machines, and what `explanationText` says in words. */
export interface Explanation {
  readonly decision: Decision
  /** One for each operation that could be evaluated, in order: for the task of the chain that decided it. */
  readonly operations: readonly ExplainedOperation[]
  /** Single changes of the request that alter the outcome, mildest outcome first; pairs where no single one does. */
  readonly changes: readonly ExplainedChange[]
}

export interface ExplainedOperation {
  /** Index into the request's operations. */
  readonly position: number
  readonly operation: string
  readonly effect: Effect
  /** Absent = the acting task; 1 = the task that it was delegated from, and so on. */
  readonly ancestor?: number
  /** It was decided for the human whose task it is, whom no task goes beyond. */
  readonly ceiling?: true
  readonly policies: readonly ExplainedPolicy[]
  /** Only where nothing permits it: permits for this action that hold but for few parts, nearest first. */
  readonly nearMisses: readonly NearMiss[]
}

/** A policy that decided. */
export interface ExplainedPolicy {
  readonly id: string
  readonly effect: 'permit' | 'forbid'
  /** Gate scope; absent = hard, or a permit. */
  readonly consent?: string
  readonly reason: string
  readonly place: PolicyPlace
  /** Its scopes and conditions as Cedar text. */
  readonly parts: readonly { readonly kind: string; readonly text: string }[]
  /** What its parts read, by path. */
  readonly facts: { readonly [path: string]: string }
  /** It decided by failing. */
  readonly error?: string
}

export interface NearMiss {
  readonly id: string
  readonly place: PolicyPlace
  /** Parts that hold, and parts there are. */
  readonly holding: number
  readonly parts: number
  /** The first part that does not hold. */
  readonly failed: { readonly kind: string; readonly text: string }
  readonly facts: { readonly [path: string]: string }
}

/** Where a policy stands: a file with line and column from 1, or Remit itself. */
export interface PolicyPlace {
  readonly file: string
  readonly line: number
  readonly column: number
}

export interface ExplainedChange {
  /** As in `if an approval for `ci` existed`. */
  readonly text: string
  readonly effect: Effect
  readonly policies: readonly string[]
}

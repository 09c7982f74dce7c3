import type { BudgetCount, Environment, TaskState } from './identity.ts'
import type { LoopState } from './loop.ts'
import type { Label } from './labels.ts'
import type { CallKind, Door } from './tool-call.ts'
import type { TypedFacts } from './typed-facts.ts'
import type { ScopeDimension } from './scope.ts'
import type { Workload } from './workload.ts'

/**
 * `advisory` = an agent can run code as the gateway's own OS user outside a sandbox, so Remit can be walked
 * around; `enforced` = it cannot.
 */
export type Protection = 'advisory' | 'enforced'

/** Counted over the whole delegation tree, so that delegating never washes a count or a label. */
export interface SessionFacts {
  readonly calls: number
  readonly writes: number
  readonly denials: number
  readonly consents: number
  readonly errors: number
  /** Different files that were changed, and lines of them where a change shows its lines. */
  readonly files: number
  readonly lines: number
  readonly pullRequests: number
  readonly ciRuns: number
  readonly installs: number
  /** Labels of everything that the tree has read so far. */
  readonly labels: readonly Label[]
}

export const NO_HISTORY: SessionFacts = {
  calls: 0,
  writes: 0,
  denials: 0,
  consents: 0,
  errors: 0,
  files: 0,
  lines: 0,
  pullRequests: 0,
  ciRuns: 0,
  installs: 0,
  labels: [],
}

/** Everything of session facts that is a number, in the order of its columns. */
export const FACT_COUNTS = [
  'calls',
  'writes',
  'denials',
  'consents',
  'errors',
  'files',
  'lines',
  'pullRequests',
  'ciRuns',
  'installs',
] as const satisfies readonly (keyof SessionFacts)[]

/** Numbers that a commit adds to the facts of a tree; atomic in the store. */
export type FactIncrements = { readonly [C in Exclude<keyof SessionFacts, 'labels'>]?: number } & {
  readonly labels?: readonly Label[]
}

/**
 * Everything but the task, the human and the operation that policy can see: typed, and made by the gateway.
 * Raw arguments never enter. `policies/remit.cedarschema` declares the same words as `Context`.
 */
export interface Facts {
  /** Milliseconds since the epoch, UTC. */
  readonly now: number
  readonly door: Door
  readonly kind: CallKind
  readonly server: string
  readonly tool: string
  /** The definition that the agent saw is the one on record. */
  readonly pinned: boolean
  /** Classified by inference, or not at all. */
  readonly inferred: boolean
  readonly protection: Protection
  /** Proved, or claimed where the claim is the stricter one: `effectiveEnvironment`. */
  readonly environment: Environment
  readonly sandboxed: boolean
  /** The token was presented with a proof of possession of its key. */
  readonly holderBound: boolean
  /** The agent's own hooks report to this gateway. */
  readonly hooked: boolean
  /** `halted` = its agent, its human, the server or everything was stopped by hand. */
  readonly taskState: TaskState | 'halted'
  readonly budgetExhausted: boolean
  /** What is used up; policies see only that something is. */
  readonly exhausted?: readonly BudgetCount[]
  /** The same call again and again: `ask` a human, then `stop`. */
  readonly loop: LoopState
  readonly history: SessionFacts
  /** What began the root of the tree, where a workload did; absent = a human or a credential on disk. */
  readonly workload?: Workload
  /** Arguments of the call that the configuration types; absent = none of its tool. */
  readonly typed?: TypedFacts
  /** Labels of the content that the outward arguments came from. */
  readonly provenance: readonly Label[]
  /** Gate scopes for which a valid approval of exactly this call, or a grant for exactly this work, exists. */
  readonly approvals: readonly string[]
  /** For each operation, in order: the dimensions of the task's scope (or an ancestor's) that it leaves. */
  readonly outside: readonly (readonly ScopeDimension[])[]
}

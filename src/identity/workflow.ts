import type { Budget, Environment } from '../core/identity.ts'
import type { ConsentLimits } from '../core/consent-limits.ts'
import type { HumanId } from '../core/ids.ts'
import type { LoopLimits } from '../core/loop.ts'
import type { Scope } from '../core/scope.ts'

/** What a kind of work needs: the defaults of its tasks, and the limits that none of them goes beyond. */
export interface WorkflowTemplate {
  readonly description?: string
  /** Scope of a task that asks for none, dimension by dimension. */
  readonly scope: Scope
  /** No task of this workflow permits more; absent = only policy limits it. */
  readonly ceiling?: Scope
  /** Where a task of this workflow claims to run when it does not say. */
  readonly environment: Environment
  /** Milliseconds that a task lives when it does not say. */
  readonly lifetime: number
  /** Milliseconds that a task may ask for at most. */
  readonly maxLifetime: number
  /** Both the default and the most that a task may ask for. */
  readonly budget: Budget
  /** How much a tree of such tasks may ask of people; absent = nobody counts. */
  readonly consent?: ConsentLimits
  /** When a task goes round in circles; absent = nobody looks. */
  readonly loops?: LoopLimits
  /** For whom a workload begins such a task where its rule names nobody. */
  readonly owner?: HumanId
  /** Set = for people of these teams alone. */
  readonly teams?: readonly TeamLimits[]
}

export interface TeamLimits {
  readonly team: string
  readonly ceiling: Scope
  readonly budget: Budget
}

/** What a credential that lies on a disk may delegate. */
export interface StoredCredentialLimits {
  /** Milliseconds, renewals included. */
  readonly maxLifetime: number
  /** Absent = all. */
  readonly workflows?: readonly string[] | undefined
  readonly environments: readonly Environment[]
}

import type { Action } from '../core/actions.ts'
import type { Approval } from '../core/approval.ts'
import type { Decision, Gate, Severity } from '../core/decision.ts'
import type { Facts } from '../core/facts.ts'
import type { Human, TaskChain } from '../core/identity.ts'
import type { Operation } from '../core/operation.ts'
import type { ApproveAnswer, ApproveFacts } from './approve.ts'
import type { Explanation } from './explanation.ts'
import type { Relaxation } from './relax-findings.ts'

/** All that a decision depends on: the same request and the same set give the same decision, for ever. */
export interface DecisionRequest {
  readonly chain: TaskChain
  readonly human: Human
  readonly operations: readonly Operation[]
  readonly facts: Facts
}

/** A tool, prompt or resource (`facts.kind`) as a list would show it, before anybody uses it: what it can do, without knowing to what. */
export interface VisibilityRequest {
  readonly chain: TaskChain
  readonly human: Human
  readonly server: string
  /** Name or URI; absent = not known yet, as of a template. */
  readonly tool?: string
  /** Actions that the use can lead to; `tool.call` and its like are added by the engine. */
  readonly actions: readonly Action[]
  readonly facts: Omit<Facts, 'outside' | 'approvals' | 'server' | 'tool'>
}

/** `never`: no argument could make policy allow it or ask. `always`: no argument could make policy refuse. */
export type Visibility = 'never' | 'maybe' | 'always'

export interface PolicyInfo {
  readonly id: string
  readonly effect: 'permit' | 'forbid'
  readonly reason?: string
  readonly consent?: string
  readonly severity?: Severity
  /** Never softened by observe mode. */
  readonly always?: true
  /** `builtin` = part of Remit, lifted by no pack, scope or approval. */
  readonly source: 'builtin' | 'pack'
  readonly file?: string
}

/** A compiled, immutable set of policies. Calls in flight keep the one that they started with. */
export interface PolicySet {
  /** SHA-256 over the canonical text of every policy and the schema. */
  readonly hash: string
  readonly policies: readonly PolicyInfo[]
  /** Never throws: whatever goes wrong is a deny with the error listed. */
  decide(request: DecisionRequest): Decision
  visible(request: VisibilityRequest): Visibility
  /**
   * Text of all that `visible` of this very set depends on apart from the chain, the human, the server, the tool and its
   * actions: equal texts, equal answers. Absent = its answers must not be remembered.
   */
  visibilityKey?(request: Pick<VisibilityRequest, 'chain' | 'facts'>): string
  /** Whether policy lets this human close all gates of this waiting call, apart from `@consent_by`. Never throws. */
  mayApprove(human: Human, approval: Approval, facts: ApproveFacts): ApproveAnswer
  gatesOf(policy: string): Gate | undefined
}

/** A set that was loaded from text. */
export interface LoadedPolicySet extends PolicySet {
  visibilityKey(request: Pick<VisibilityRequest, 'chain' | 'facts'>): string
  /** Why it decides so and what would change it. Evaluates anew, a hundred times slower than `decide`. */
  explain(request: DecisionRequest): Explanation
  /** The decision without what is only observed. */
  decideRelaxed(request: DecisionRequest, relaxation: Relaxation): Decision
}

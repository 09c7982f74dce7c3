export type Effect = 'allow' | 'consent' | 'deny'

export const SEVERITIES = ['low', 'medium', 'high'] as const
export type Severity = (typeof SEVERITIES)[number]

/** When the human whose task it is may close a gate: nobody else is enrolled and the task runs on a laptop, or always. */
export type DelegatorMay = 'alone' | 'yes'

/** A `@consent` rule that stands open: who must agree before the call may run. */
export interface Gate {
  /** The scope that an approval grants: `@consent("scope")`. */
  readonly scope: string
  /** Role or team that may approve: `@consent_by`; absent = any human whom policy lets `approve`. */
  readonly by?: string
  /** `@escalate_to`: role or team that may approve as well from `escalateAfter` seconds after the request on. */
  readonly escalateTo?: string
  readonly escalateAfter?: number
  /** `@delegator`; absent = the human whose task it is never closes this gate. */
  readonly delegator?: DelegatorMay
  /** `@grant`: the approver may agree for the rest of the task; absent = once only. */
  readonly grant?: 'task'
  readonly quorum: number
  readonly severity: Severity
  /** How long the request may wait, in seconds: `@timeout`. */
  readonly timeout: number
  readonly policy: string
  readonly reason: string
}

/** Why an outcome is what it is: text for people, written by the policy's author or by Remit. */
export interface Reason {
  readonly policy: string
  readonly text: string
  /** Index into the call's operations; absent = the call as a whole. */
  readonly operation?: number
}

/** A policy that could not be evaluated. Listed beside the decision, never swallowed. */
export interface EvaluationError {
  readonly policy: string
  readonly message: string
}

/** What must be done with the result if the call runs. An obligation that cannot be met is a deny. */
export type Obligation = 'redact-secrets' | 'withhold-secrets'

/** The answer as plain data, the same for every door. */
export interface Decision {
  readonly effect: Effect
  readonly reasons: readonly Reason[]
  /** Ids of the policies that decided, sorted. */
  readonly policies: readonly string[]
  /** Open gates when the effect is `consent`, else empty. */
  readonly gates: readonly Gate[]
  readonly obligations: readonly Obligation[]
  readonly errors: readonly EvaluationError[]
  /** Rules that are only observed would have decided otherwise: what they would have done. */
  readonly observed?: {
    readonly effect: Effect
    readonly policies: readonly string[]
    /** Which rules were only observed then. */
    readonly rules?: ObservedRules
  }
}

/** Rules that are only observed: every rule of packs, or those that are named. */
export interface ObservedRules {
  readonly everything: boolean
  readonly policies: readonly string[]
}

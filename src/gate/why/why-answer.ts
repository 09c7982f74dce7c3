import type { Effect } from '../../core/decision.ts'
import type { RecordEnvelope } from '../../core/record.ts'

/** Something that decided, with the value that it had and where that came from. */
export interface WhyFact {
  readonly fact: string
  readonly value: string
  readonly from: string
}

export interface WhyRule {
  readonly rule: string
  readonly says: string
  /** `file:line` of a rule of the policies; absent = part of Remit, or not known any more. */
  readonly place?: string
  readonly facts: readonly WhyFact[]
}

/** One screen about one decision. */
export interface WhyAnswer {
  readonly id: string
  /** RFC 3339. */
  readonly at: string
  readonly effect: Effect
  readonly asked: {
    readonly call?: RecordEnvelope['call']
    /** In words; of somebody else’s task for an admin: actions alone. */
    readonly operations: readonly string[]
    /** Operations that are not in the list. */
    readonly more: number
    readonly intent?: string
  }
  readonly identity?: RecordEnvelope['identity']
  readonly decidedBy: readonly WhyRule[]
  /** Smallest first. */
  readonly change: readonly string[]
  readonly ask: readonly {
    /** People by name, or what they would have to be where there are too many or none. */
    readonly who: readonly string[]
    readonly as: string
    readonly how: string
  }[]
  readonly approval?: RecordEnvelope['approval']
  readonly outcome?: RecordEnvelope['outcome']
  /** What is only observed, or would be otherwise today. */
  readonly notes: readonly string[]
  /** The reader sees that it was decided, and nothing of what it carried. */
  readonly bare?: true
}

import type { Actor } from '../administration.ts'
import type { PolicyProposal } from './policy-proposal.ts'
import type { ReplayFilter } from './replay-filter.ts'
import type { ReplayReport } from './replay-report.ts'

export interface ReplayWish {
  /** Files of a folder of policies: `.cedar`, and `links.yaml` or `links.json`. */
  readonly files: readonly { readonly name: string; readonly text: string }[]
  /** With what it is compared: what is on record, or the policies in force. */
  readonly against: 'record' | 'current'
  readonly filter: ReplayFilter
}

export interface ProposeWish {
  readonly workflow: string
  readonly filter: ReplayFilter
  /** Different things that have to be used before what holds them is permitted. */
  readonly support: number
}

/** How far a look at the past is, or what it came to. */
export interface PastAnswer {
  readonly id: string
  /** Decisions read so far; absent = it is done. */
  readonly running?: { readonly records: number }
  readonly report?: ReplayReport
  readonly proposal?: PolicyProposal
}

/** Trying policies on the past of a running gateway. Whoever looks leaves a trace. */
export interface PastControl {
  /** @throws RemitError `policy_invalid`; `overloaded` while another one is looked at. */
  replay(actor: Actor, wish: ReplayWish): Promise<PastAnswer>
  /** @throws RemitError `overloaded` while another one is looked at. */
  propose(actor: Actor, wish: ProposeWish): Promise<PastAnswer>
  /** One’s own. @throws RemitError `not_found`, and what made it fail. */
  look(actor: Actor, id: string): Promise<PastAnswer>
}

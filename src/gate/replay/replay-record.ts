import type { Decision } from '../../core/decision.ts'
import type { Task, TaskChain } from '../../core/identity.ts'
import type { RecordDetail, RecordEnvelope } from '../../core/record.ts'
import type { DecisionRequest, LoadedPolicySet } from '../../policy/policy-set.ts'
import { chainOf } from './past-tasks.ts'
import { redecide, wasDecided } from './redecide.ts'
import { requestOfRecord, type Unrepeatable } from './request-of-record.ts'

/** Sets that decide the same request more than once need not: `key` says which are the same. */
export interface ReplaySets {
  readonly candidate: LoadedPolicySet
  /** What to compare with; absent = what is on record. */
  readonly baseline?: LoadedPolicySet
  key(request: DecisionRequest): string
}

/** A decision as far as it is compared. */
export type Answer = Pick<Decision, 'effect' | 'policies'> & {
  readonly gates: readonly { readonly scope: string; readonly by?: string; readonly quorum: number }[]
}

export interface ReplayedRecord {
  readonly request: DecisionRequest
  readonly before: Answer
  readonly after: Answer
}

/** Why a decision was not made again; `not-policy`: no policy had a say in it. */
export type Skipped = Unrepeatable | 'not-policy'

/** More decisions than this are not remembered at a time. */
const MOST_REMEMBERED = 50_000

/** Decides records again, each different request once. */
export class Replayer {
  readonly #sets: ReplaySets
  readonly #candidate = new Map<string, Decision>()
  readonly #baseline = new Map<string, Decision>()
  /** Chains of tasks by the ids of their tasks. */
  readonly #chains = new Map<string, TaskChain>()

  constructor(sets: ReplaySets) {
    this.#sets = sets
  }

  replay(
    record: { readonly envelope: RecordEnvelope; readonly detail: RecordDetail | undefined },
    tasks: ReadonlyMap<string, Task>,
  ): ReplayedRecord | Skipped {
    const { envelope, detail } = record
    const { decision, identity } = envelope
    if (decision === undefined || identity === undefined || !wasDecided(envelope)) return 'not-policy'
    const request = requestOfRecord(
      { envelope, ...(detail === undefined ? {} : { detail }) },
      this.#chain(identity.chain, tasks),
    )
    if (typeof request === 'string') return request
    const { candidate, baseline } = this.#sets
    const key = this.#sets.key(request)
    const recorded = { envelope, observed: detail?.observed }
    const by = (set: LoadedPolicySet, known: Map<string, Decision>): Decision =>
      redecide(remembering(set, { request, key, known }), request, recorded)
    return {
      request,
      before: baseline === undefined ? decision : by(baseline, this.#baseline),
      after: by(candidate, this.#candidate),
    }
  }

  #chain(ids: readonly string[], tasks: ReadonlyMap<string, Task>): TaskChain | undefined {
    const name = ids.join(' ')
    const known = this.#chains.get(name)
    if (known !== undefined) return known
    const chain = chainOf(tasks, ids)
    if (chain !== undefined) {
      if (this.#chains.size >= MOST_REMEMBERED) this.#chains.clear()
      this.#chains.set(name, chain)
    }
    return chain
  }
}

function remembering(
  set: LoadedPolicySet,
  of: {
    readonly request: DecisionRequest
    readonly key: string
    readonly known: Map<string, Decision>
  },
): Pick<LoadedPolicySet, 'decide' | 'decideRelaxed'> {
  return {
    decide: (asked) => {
      if (asked !== of.request) return set.decide(asked)
      const found = of.known.get(of.key)
      if (found !== undefined) return found
      const made = set.decide(asked)
      if (of.known.size >= MOST_REMEMBERED) of.known.clear()
      of.known.set(of.key, made)
      return made
    },
    decideRelaxed: (asked, relaxation) => set.decideRelaxed(asked, relaxation),
  }
}

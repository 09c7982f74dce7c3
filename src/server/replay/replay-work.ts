import type { DecisionRow } from '../../audit/ledger-source.ts'
import type { Task } from '../../core/identity.ts'
import type { RecordDetail, RecordEnvelope } from '../../core/record.ts'
import { passesFilter, type ReplayFilter } from '../../gate/replay/replay-filter.ts'
import { Replayer } from '../../gate/replay/replay-record.ts'
import { countRecord, emptyTally, type ReplayTally } from '../../gate/replay/replay-tally.ts'
import { compilePolicySet } from '../../policy/compile-policy-set.ts'
import { decisionKeys } from '../../policy/decision-key.ts'
import type { ParsedPolicies } from '../../policy/parse-policies.ts'

/** A set as it can be sent to a thread. */
export interface SentPolicies {
  readonly parsed: ParsedPolicies
  readonly schemaText: string
}

/** What a thread is started with. */
export interface ReplayOrder {
  readonly candidate: SentPolicies
  /** Absent = compared with what is on record. */
  readonly baseline?: SentPolicies | undefined
  readonly filter: ReplayFilter
}

/** Records, and the tasks that they name and that were not sent before. */
export interface ReplayBatch {
  readonly rows: readonly DecisionRow[]
  readonly tasks: readonly Task[]
}

/** Plays batches of records, in a thread or not, and counts what became of them. */
export class ReplayWork {
  readonly tally: ReplayTally = emptyTally()
  readonly #filter: ReplayFilter
  readonly #replayer: Replayer
  readonly #tasks = new Map<string, Task>()

  constructor({ candidate, baseline, filter }: ReplayOrder) {
    this.#filter = filter
    const sets = [candidate, ...(baseline === undefined ? [] : [baseline])]
    this.#replayer = new Replayer({
      candidate: compilePolicySet(candidate.parsed, candidate.schemaText),
      ...(baseline === undefined ? {} : { baseline: compilePolicySet(baseline.parsed, baseline.schemaText) }),
      key: decisionKeys(sets.flatMap(({ parsed }) => parsed.policies.map(({ est }) => est))),
    })
  }

  play({ rows, tasks }: ReplayBatch): void {
    for (const task of tasks) this.#tasks.set(task.id, task)
    for (const row of rows) this.#one(row)
  }

  #one({ index, body, detail }: DecisionRow): void {
    const envelope = JSON.parse(body) as RecordEnvelope
    if (envelope.kind !== 'decision') return
    const at = Date.parse(envelope.at)
    if (!passesFilter(envelope, at, this.#filter)) return
    const { tally } = this
    tally.decisions += 1
    tally.first = Math.min(tally.first, at)
    tally.last = Math.max(tally.last, at)
    const explained = detail === undefined ? undefined : (JSON.parse(detail) as RecordDetail)
    const played = this.#replayer.replay({ envelope, detail: explained }, this.#tasks)
    if (typeof played === 'string') {
      tally.skipped[played] += 1
      return
    }
    if (explained?.secrets !== undefined) tally.redacted += 1
    countRecord(tally, { index, envelope }, played)
  }
}

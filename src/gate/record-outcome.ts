import type { DecisionId } from '../core/ids.ts'
import type { Outcome } from '../core/outcome.ts'
import { outcomeRecord, rootIncrements, type DecidedCall } from './build-records.ts'
import type { GateDeps } from './gate-deps.ts'

/** The allowed calls of this process that are still out: what an outcome must be joined with. */
export class OpenCalls {
  readonly #open = new Map<DecisionId, DecidedCall>()

  add(decided: DecidedCall): void {
    this.#open.set(decided.id, decided)
  }

  take(id: DecisionId): DecidedCall | undefined {
    const decided = this.#open.get(id)
    this.#open.delete(id)
    return decided
  }

  get size(): number {
    return this.#open.size
  }
}

/** Step 8. The second outcome of a decision, or one of a decision never made, is ignored and logged. */
export async function recordOutcome(
  deps: GateDeps,
  open: OpenCalls,
  id: DecisionId,
  outcome: Outcome,
): Promise<void> {
  const decided = open.take(id)
  if (decided === undefined) {
    deps.log.log('error', 'outcome.unexpected', { decision: id, status: outcome.status })
    return
  }
  deps.observer.settled(outcome.status, outcome.micros)
  const failed = outcome.status !== 'ok'
  const record = outcomeRecord(decided, outcome, deps.clock.now())
  await (failed
    ? deps.journal.commit({ records: [record], changes: [rootIncrements(decided.caller, { errors: 1 })] })
    : // Nothing is decided on a success, so its record may share the write of the next call's decision.
      deps.journal.commit({ records: [record], changes: [] }, 'soon'))
}

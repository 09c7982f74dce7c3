import type { DecisionId } from '../core/ids.ts'
import type { Outcome } from '../core/outcome.ts'
import type { NewRecord } from '../core/record.ts'
import type { Change } from '../core/change.ts'
import { outcomeRecord, rootIncrements, type DecidedCall } from './build-records.ts'
import type { GateDeps } from './gate-deps.ts'
import { rootOf } from './gather-facts.ts'
import { inspect, scrubText } from './inspect-answer.ts'
import type { OpenCall, OpenCalls } from './open-calls.ts'
import { failKey } from './take-budget.ts'

/** Step 8. The second outcome of a decision, or one of a decision never made, is ignored and logged. */
export async function recordOutcome(
  deps: GateDeps,
  open: OpenCalls,
  id: DecisionId,
  outcome: Outcome,
): Promise<void> {
  const call = open.take(id)
  if (call === undefined) {
    deps.log.log('error', 'outcome.unexpected', { decision: id, status: outcome.status })
    return
  }
  deps.observer.settled(outcome.status, outcome.micros)
  const failed = outcome.status !== 'ok'
  const { decided } = call
  const record = await recordOf(deps, call, outcome)
  await (failed
    ? deps.journal.commit({ records: [record], changes: failures(decided) })
    : // Nothing is decided on a success, so its record may share the write of the next call's decision.
      deps.journal.commit({ records: [record], changes: [] }, 'soon'))
}

function failures({ caller, takings }: DecidedCall): readonly Change[] {
  const errors = rootIncrements(caller, { errors: 1 })
  if (takings.repeat === undefined) return [errors]
  const { what, mark } = takings.repeat
  const { tenant, id } = rootOf(caller.chain)
  return [errors, { kind: 'add-tally', tenant, root: id, what: failKey(what), mark }]
}

/** Nothing of a result is written that was not inspected. */
async function recordOf(deps: GateDeps, call: OpenCall, outcome: Outcome): Promise<NewRecord> {
  const { decided } = call
  const { result, error, ...rest } = outcome
  const inspected = result === undefined ? undefined : (call.inspected ?? (await inspect(deps, call, result)))
  const told: Outcome = {
    ...rest,
    ...(inspected?.kept === undefined ? {} : { result: inspected.kept }),
    ...(error === undefined ? {} : { error: scrubText(deps, error, rootOf(decided.caller.chain).id) }),
  }
  return outcomeRecord(decided, told, { at: deps.clock.now(), inspection: inspected?.inspection })
}

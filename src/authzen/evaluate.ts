import { asRemitError, RemitError } from '../core/errors.ts'
import type { DecisionId } from '../core/ids.ts'
import type { JsonObject } from '../core/json.ts'
import { authorizeHeld } from '../gate/authorize-held.ts'
import type { Verdict } from '../gate/gate.ts'
import { settleUnheard } from '../gate/settle-reported.ts'
import type { AuthzenDoorDeps } from './door-deps.ts'
import type { Exchange } from './exchange.ts'
import { readEvaluation } from './read-evaluation.ts'
import { strangeSubject } from './subject-of-task.ts'
import { toToolCall } from './to-tool-call.ts'

/** §5.5: `decision`, and why and what next in `context`. */
export interface EvaluationAnswer {
  readonly decision: boolean
  readonly context: JsonObject
}

/**
 * Decides one evaluation. What is permitted is owed an outcome.
 * @throws RemitError `request_invalid` for what is none, `ledger_*` when nothing could be recorded.
 */
export async function evaluate(
  deps: AuthzenDoorDeps,
  exchange: Exchange,
  members: JsonObject,
): Promise<EvaluationAnswer> {
  const { caller, hold, signal } = exchange
  const evaluation = readEvaluation(members)
  const call = toToolCall(deps, exchange, evaluation)
  const stranger = strangeSubject(caller.chain, evaluation.subject)
  if (stranger !== undefined) {
    await deps.gate.recordUnrouted(caller, call, stranger)
    return refused(stranger, {})
  }
  const verdict = await authorizeHeld(deps.gate, { caller, call }, { hold, signal })
  if (verdict.effect === 'allow') await keepOpen(deps, exchange, verdict.decisionId)
  return answerOf(verdict)
}

/** One of several: what goes wrong with it is its own answer, and a no (§7.2.1). */
export async function evaluateItem(
  deps: AuthzenDoorDeps,
  exchange: Exchange,
  members: JsonObject,
): Promise<EvaluationAnswer> {
  try {
    return await evaluate(deps, exchange, members)
  } catch (thrown) {
    exchange.signal.throwIfAborted()
    const error = asRemitError(thrown)
    if (error.code === 'internal') deps.log.log('error', 'authzen.failed', { detail: error.detail ?? '' })
    const { status, message } = error
    return refused(error, { error: { status, message } })
  }
}

async function keepOpen(
  { gate, clock, open }: AuthzenDoorDeps,
  { caller, signal }: Exchange,
  decision: DecisionId,
): Promise<void> {
  if (signal.aborted) {
    // Nobody hears the permit, so nobody acts on it.
    await settleUnheard(gate, decision)
    throw new RemitError('request_invalid', 'the application stopped waiting')
  }
  const call = { decision, at: clock.now() }
  for (const given of open.add(caller.chain.task.id, decision, call)) {
    await settleUnheard(gate, given.decision)
  }
}

function answerOf(verdict: Verdict): EvaluationAnswer {
  const { decisionId } = verdict
  if (verdict.effect === 'allow') {
    const { obligations } = verdict.decision
    const remit = { decision: decisionId, ...(obligations.length === 0 ? {} : { obligations }) }
    return { decision: true, context: { remit } }
  }
  const { error } = verdict
  if (verdict.effect === 'deny') return refused(error, {}, { decision: decisionId })
  const approval = { id: verdict.approval.id, url: verdict.url, state: 'pending' }
  return refused(error, {}, { decision: decisionId, approval, retry: true })
}

function refused(
  { code, message }: RemitError,
  context: JsonObject,
  remit: JsonObject = {},
): EvaluationAnswer {
  return {
    decision: false,
    context: { ...context, reason: message, remit: { retry: false, ...remit, code, reason: message } },
  }
}

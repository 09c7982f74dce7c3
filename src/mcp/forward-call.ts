import { asRemitError } from '../core/errors.ts'
import type { JsonObject } from '../core/json.ts'

import { declaresQuestions } from './client-capabilities.ts'
import { converse } from './converse.ts'
import type { DoorContext } from './door-context.ts'
import type { Exchange } from './exchange.ts'
import { exposeUris } from './expose-uris.ts'
import { isResumable, type AllowedCall, type Mediation } from './mediation.ts'
import { ParkedCall } from './parked-call.ts'
import { refusal } from './refuse-call.ts'
import { screenedError } from './screened-error.ts'
import { namingOrigin, streamAsker } from './server-question.ts'
import { settlementOf, type Settlement } from './settlement.ts'
import { becomeTask } from './tasks/become-task.ts'
import { keptMeta } from './wire/strip-meta.ts'

/** What a call that waits for its client's next request still owes. */
export interface OpenRun {
  readonly allowed: AllowedCall
  readonly settlement: Settlement
}

/**
 * Sends exactly what was authorized and owes the gate one outcome, which may commit while the answer is on its
 * way to the client.
 */
export async function forwardCall(
  door: DoorContext,
  exchange: Exchange,
  allowed: AllowedCall,
): Promise<JsonObject> {
  const run = { allowed, settlement: settlementOf(door, allowed.verdict.decisionId) }
  if (!mayBePaused(exchange, allowed.mediation)) {
    const { signal } = exchange
    const ask = streamAsker(door, exchange)
    const conversation = converse(door, allowed, { current: () => exchange, signal, ask })
    return finish(door, run, { exchange, answer: conversation })
  }
  const call = new ParkedCall(Buffer.from(door.deps.entropy.bytes(16)).toString('base64url'), exchange)
  const { signal, ask } = call
  call.start(() => converse(door, allowed, { current: () => call.exchange, signal, ask }))
  return advance(door, call, run)
}

/**
 * Goes on with the call that waits for what this request brings. What runs was decided when it was begun, and what its
 * server asked when it was asked.
 * @throws RemitError `params_invalid` when it waits here no more.
 */
export function resumeCall(door: DoorContext, exchange: Exchange, id: string): Promise<JsonObject> {
  const { call, run } = door.parked.take(id)
  call.answer(exchange)
  return advance(door, call, run)
}

/** To the result, or to the next questions for the client. */
async function advance(door: DoorContext, call: ParkedCall, run: OpenRun): Promise<JsonObject> {
  const { exchange } = call
  const next = call.next()
  const step = await next.catch(() => undefined)
  if (step === undefined || 'result' in step)
    return finish(door, run, { exchange, answer: next.then(resultOf) })
  park(door, call, run)
  const inputRequests: Record<string, JsonObject> = {}
  for (const [key, question] of step.questions) {
    inputRequests[key] = { method: question.method, params: namingOrigin(question) }
  }
  const requestState = door.seal.seal(
    { parked: call.id },
    exchange.caller.chain.task.id,
    run.allowed.mediation.call,
  )
  return { resultType: 'input_required', inputRequests, requestState }
}

function park(door: DoorContext, call: ParkedCall, run: OpenRun): void {
  const gaveUp = (): void => run.settlement.settle({ status: 'cancelled' }, 0)
  try {
    door.parked.keep(call, run, gaveUp)
  } catch (thrown) {
    call.abort(thrown)
    gaveUp()
    throw thrown
  }
}

/** A server of the initialize era can ask in the middle of a call, where a client of 2026-07-28 takes no questions. */
function mayBePaused(exchange: Exchange, { session, method }: Mediation): boolean {
  const { claim } = exchange
  return (
    isResumable(method) &&
    claim.era === 'modern' &&
    session.info.era === 'legacy' &&
    declaresQuestions(claim.capabilities)
  )
}

async function finish(
  door: DoorContext,
  { allowed, settlement }: OpenRun,
  { exchange, answer }: { readonly exchange: Exchange; readonly answer: Promise<JsonObject> },
): Promise<JsonObject> {
  const { mediation, verdict } = allowed
  const { gate } = door.deps
  const { decisionId } = verdict
  const { task: plan } = mediation
  let result: JsonObject
  try {
    result = await answer
    if (plan !== undefined) {
      const task = await becomeTask(door, exchange, { run: { allowed, settlement }, plan, result })
      if (task !== undefined) return task
    }
  } catch (thrown) {
    const told = screenedError(gate, decisionId, thrown)
    settlement.failed(thrown, exchange.signal.aborted || verdict.stopped.aborted)
    throw told
  }
  const status = result['isError'] === true ? 'error' : 'ok'
  exchange.afterAnswer.push((bytes) => settlement.settle({ status, result }, bytes))
  const meta = { 'remit/decision': decisionId }
  try {
    const inspected = await gate.inspect(decisionId, result)
    return { ...exposed(exchange, mediation, inspected), _meta: { ...keptMeta(inspected), ...meta } }
  } catch (thrown) {
    return refusal(mediation.call, asRemitError(thrown), meta)
  }
}

function resultOf(step: Awaited<ReturnType<ParkedCall['next']>>): JsonObject {
  return 'result' in step ? step.result : {}
}

function exposed(exchange: Exchange, mediation: Mediation, result: JsonObject): JsonObject {
  const { naming } = exchange
  return naming.bareUris ? result : exposeUris(naming, mediation.call.server, result)
}

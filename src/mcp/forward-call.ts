import { RemitError } from '../core/errors.ts'
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts'
import type { Outcome } from '../core/outcome.ts'
import type { Verdict } from '../gate/gate.ts'
import { answerInputRequests } from './answer-input-requests.ts'
import { answerServerRequest } from './answer-server-request.ts'
import { capabilitiesUpstream } from './client-capabilities.ts'
import type { DoorContext } from './door-context.ts'
import type { Exchange } from './exchange.ts'
import { exposeUris } from './expose-uris.ts'
import type { Mediation } from './mediation.ts'
import { relayNotification } from './relay-notification.ts'
import type { SealedState } from './request-state.ts'
import { UpstreamRpcError } from './upstream.ts'
import { keptMeta } from './wire/strip-meta.ts'
import { KEYS } from './wire/rev-2026-07-28/keys.ts'

/** An allowed call on its way: run once, settled once. */
export interface AllowedCall {
  readonly mediation: Mediation
  readonly resumed: SealedState | undefined
  readonly verdict: Extract<Verdict, { readonly effect: 'allow' }>
}

/** Questions that one call may ask in a row before it is given up. */
const MAX_ROUNDS = 8
const TRACE = ['traceparent', 'tracestate', 'baggage'] as const

/**
 * Sends exactly what was authorized and owes the gate one outcome, which may commit while the answer is on its
 * way to the client.
 */
export async function forwardCall(
  door: DoorContext,
  exchange: Exchange,
  allowed: AllowedCall,
): Promise<JsonObject> {
  const { gate, clock, log } = door.deps
  const { decisionId } = allowed.verdict
  const started = clock.micros()
  const settle = (outcome: Pick<Outcome, 'status' | 'result' | 'error'>, bytes: number): void => {
    const micros = clock.micros() - started
    gate.settle(decisionId, { ...outcome, micros, bytes }).catch((error: unknown) => {
      log.log('error', 'outcome not recorded', { decision: decisionId, error: String(error) })
    })
  }
  let result: JsonObject
  try {
    result = await converse(door, exchange, allowed)
  } catch (thrown) {
    settle(outcomeOf(thrown, exchange.signal.aborted), 0)
    throw thrown
  }
  const status = result['isError'] === true ? 'error' : 'ok'
  exchange.afterAnswer.push((bytes) => settle({ status, result }, bytes))
  return { ...exposed(exchange, allowed.mediation, result), _meta: ownMeta(result, decisionId) }
}

/** The call and the questions that its server asks back, until it has a result. */
async function converse(door: DoorContext, exchange: Exchange, allowed: AllowedCall): Promise<JsonObject> {
  exchange.signal.throwIfAborted()
  const { mediation, resumed, verdict } = allowed
  if (verdict.decision.obligations.length > 0) {
    throw new RemitError('call_denied', 'policy wants the result inspected, which this gateway cannot do yet')
  }
  const { session, call } = mediation
  const headers = { ...verdict.credentials.headers, ...mediation.headers }
  const clientCapabilities = capabilitiesUpstream(
    exchange,
    session.info.era,
    door.deps.serverSettings.get(call.server),
  )
  const base: JsonObject = { ...mediation.params, ...metaUpstream(exchange) }
  let params = resumed?.asked === true ? withAnswers(base, exchange.params['inputResponses'], resumed) : base
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const result = await session.request({
      method: mediation.method,
      params,
      signal: exchange.signal,
      headers,
      clientCapabilities,
      onNotification: (method, params) => relayNotification(exchange, method, params),
      onServerRequest: (method, params) =>
        answerServerRequest(door, exchange, { server: call.server, method, params }),
    })
    const type = result['resultType']
    if (type === undefined || type === 'complete') return result
    if (type !== 'input_required') throw unknownResult(call.server)
    const answer = await answerInputRequests(door, exchange, { call, result })
    if ('relay' in answer) return answer.relay
    const state = result['requestState']
    params = withAnswers(base, answer.responses, typeof state === 'string' ? { upstream: state } : {})
  }
  throw new RemitError('upstream_interactive', 'the server keeps asking for input; the call was given up')
}

function withAnswers(base: JsonObject, inputResponses: Json | undefined, state: SealedState): JsonObject {
  const given = isJsonObject(inputResponses) ? inputResponses : undefined
  const responses = state.answers === undefined ? given : { ...given, ...state.answers }
  return {
    ...base,
    ...(responses === undefined ? {} : { inputResponses: responses }),
    ...(state.upstream === undefined ? {} : { requestState: state.upstream }),
  }
}

/** Of the client's `_meta` only what was not decided on and cannot change what runs. */
function metaUpstream(exchange: Exchange): { readonly _meta?: JsonObject } {
  const { meta, claim, session, reply } = exchange
  let kept: Record<string, Json> | undefined
  for (const key of TRACE) {
    const value = meta[key]
    if (typeof value === 'string') kept = { ...kept, [key]: value }
  }
  const { progressToken } = meta
  if (progressToken !== undefined && reply.canStream) kept = { ...kept, progressToken }
  const level = claim.era === 'modern' ? claim.logLevel : (session?.logLevel ?? 'info')
  if (level !== undefined && reply.canStream) kept = { ...kept, [KEYS.logLevel]: level }
  return kept === undefined ? {} : { _meta: kept }
}

function outcomeOf(thrown: unknown, aborted: boolean): Pick<Outcome, 'status' | 'error'> {
  if (aborted) return { status: 'cancelled' }
  if (thrown instanceof UpstreamRpcError) {
    return { status: 'error', error: `${String(thrown.rpcCode)} ${thrown.message}` }
  }
  if (!(thrown instanceof RemitError)) return { status: 'unknown', error: 'internal' }
  const sent = thrown.code === 'upstream_lost' || thrown.code === 'upstream_timeout'
  const unclear = sent || thrown.code === 'upstream_garbage' || thrown.code === 'internal'
  return { status: unclear ? 'unknown' : 'error', error: thrown.code }
}

function exposed(exchange: Exchange, mediation: Mediation, result: JsonObject): JsonObject {
  const { naming } = exchange
  return naming.only === undefined ? exposeUris(naming, mediation.call.server, result) : result
}

function ownMeta(result: JsonObject, decision: string): JsonObject {
  return { ...keptMeta(result), 'remit/decision': decision }
}

function unknownResult(server: string): RemitError {
  return new RemitError(
    'upstream_garbage',
    `the server \`${server}\` answered with an unknown \`resultType\``,
  )
}

import { RemitError } from '../core/errors.ts'
import type { DecisionId } from '../core/ids.ts'
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts'
import { answerInputRequests } from './answer-input-requests.ts'
import { answerServerRequest } from './answer-server-request.ts'
import { capabilitiesUpstream } from './client-capabilities.ts'
import type { DoorContext } from './door-context.ts'
import { eitherSignal } from './either-signal.ts'
import { ownerOf, type Exchange } from './exchange.ts'
import { tellLogLevel } from './log-levels.ts'
import type { AllowedCall } from './mediation.ts'
import { relayNotification } from './relay-notification.ts'
import type { SealedState } from './request-state.ts'
import type { Asker } from './server-question.ts'
import { withTasks } from './tasks/task-capabilities.ts'
import type { TaskPlan } from './tasks/task-plan.ts'
import { traceContextOf, type TraceContext } from './trace-context.ts'
import { KEYS } from './wire/rev-2026-07-28/keys.ts'

/** The client's side of a conversation with a server. */
export interface ClientSide {
  /** The client's request that is open now. */
  readonly current: () => Exchange
  readonly signal: AbortSignal
  /** Absent = the client cannot be asked. */
  readonly ask: Asker | undefined
}

/** Questions that one call may ask in a row before it is given up. */
const MAX_ROUNDS = 8

/** The call and the questions that its server asks back, until it has a result. */
export async function converse(
  door: DoorContext,
  allowed: AllowedCall,
  side: ClientSide,
): Promise<JsonObject> {
  const { signal, release } = eitherSignal(side.signal, allowed.verdict.stopped)
  try {
    signal.throwIfAborted()
    const { session: holder } = side.current()
    const { session, call } = allowed.mediation
    // On its way before the call, which does not wait for it.
    if (holder !== undefined) void tellLogLevel(door, holder, { server: call.server, session })
    return await talk(door, allowed, { ...side, signal })
  } finally {
    release()
  }
}

async function talk(
  door: DoorContext,
  allowed: AllowedCall,
  { current, signal, ask }: ClientSide,
): Promise<JsonObject> {
  const { mediation, resumed, verdict } = allowed
  const screen = (params: JsonObject): JsonObject | undefined =>
    door.deps.gate.screen(verdict.decisionId, params)
  const { session, call } = mediation
  const trace = traceUpstream(door, current(), verdict.decisionId)
  const headers = { ...trace, ...verdict.credentials.headers, ...mediation.headers }
  const settings = door.deps.serverSettings.get(call.server)
  const declared = capabilitiesUpstream(current(), {
    canAsk: ask !== undefined || session.info.era === 'modern',
    settings,
  })
  const { task } = mediation
  const clientCapabilities = task?.upstream === 'extension' ? withTasks(declared) : declared
  const base: JsonObject = {
    ...mediation.params,
    ...taskUpstream(door, task),
    ...metaUpstream(current(), trace),
  }
  let params = resumed?.asked === true ? withAnswers(base, current().params['inputResponses'], resumed) : base
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const result = await session.request({
      method: mediation.method,
      params,
      signal,
      party: ownerOf(current()),
      headers,
      clientCapabilities,
      ...(task === undefined && mediation.whole !== true ? { takesLarge: true } : {}),
      onNotification: (method, params) => {
        const screened = screen(params)
        if (screened !== undefined) relayNotification(current(), method, screened)
      },
      onServerRequest: (method, params, withdrawn) =>
        answerServerRequest(door, current(), {
          server: call.server,
          method,
          params: screen(params) ?? {},
          ask,
          withdrawn,
        }),
    })
    const type = result['resultType']
    if (type === undefined || type === 'complete') return result
    if (type === 'task' && task?.upstream === 'extension') return result
    if (type !== 'input_required') throw unknownResult(call.server)
    const asked = isJsonObject(result['inputRequests'])
      ? { ...result, inputRequests: screen(result['inputRequests']) ?? {} }
      : result
    const answer = await answerInputRequests(door, current(), { call, result: asked, ask })
    if ('relay' in answer) return answer.relay
    const state = result['requestState']
    params = withAnswers(base, answer.responses, typeof state === 'string' ? { upstream: state } : {})
  }
  throw new RemitError('upstream_interactive', 'the server keeps asking for input; the call was given up')
}

function traceUpstream(
  { deps }: DoorContext,
  { meta, request }: Exchange,
  decision: DecisionId,
): TraceContext {
  const trace = traceContextOf(meta, request.headers)
  if (deps.traceUpstream === undefined) return trace
  return { ...trace, traceparent: deps.traceUpstream(decision, trace.traceparent) }
}

/** A server of 2025-11-25 is asked for a task, one of 2026-07-28 makes one when it sees fit. */
function taskUpstream(door: DoorContext, plan: TaskPlan | undefined): { readonly task?: JsonObject } {
  if (plan?.upstream !== 'core') return {}
  const { taskLife } = door.limits
  return { task: { ttl: Math.min(plan.ttl ?? taskLife, taskLife) } }
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
function metaUpstream(exchange: Exchange, trace: TraceContext): { readonly _meta?: JsonObject } {
  const { meta, claim, session, reply } = exchange
  let kept: Record<string, Json> | undefined = Object.keys(trace).length > 0 ? { ...trace } : undefined
  const { progressToken } = meta
  const wantsProgress = typeof progressToken === 'string' || typeof progressToken === 'number'
  if (wantsProgress && reply.canStream) kept = { ...kept, progressToken }
  const level = claim.era === 'modern' ? claim.logLevel : (session?.logLevel ?? 'info')
  if (level !== undefined && reply.canStream) kept = { ...kept, [KEYS.logLevel]: level }
  return kept === undefined ? {} : { _meta: kept }
}

function unknownResult(server: string): RemitError {
  return new RemitError(
    'upstream_garbage',
    `the server \`${server}\` answered with an unknown \`resultType\``,
  )
}

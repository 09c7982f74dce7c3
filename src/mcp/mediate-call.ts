import type { JsonObject } from '../core/json.ts'
import type { ToolCall } from '../core/tool-call.ts'
import type { Verdict } from '../gate/gate.ts'
import type { DoorContext } from './door-context.ts'
import type { Exchange } from './exchange.ts'
import { resumeCall } from './forward-call.ts'
import { isResumable, type Mediation } from './mediation.ts'
import { refusal } from './refuse-call.ts'
import type { SealedState } from './request-state.ts'
import { forwardLosslessly } from './send-again.ts'
import { tellConsent } from './tell-consent.ts'

/**
 * The way of every call that is decided: ask the gate, tell of consent, forward what was allowed, settle.
 * @returns the result, undressed; a refused tool call is a result with `isError`, which agents read.
 * @throws RemitError, UpstreamRpcError.
 */
export async function mediateCall(
  door: DoorContext,
  exchange: Exchange,
  mediation: Mediation,
): Promise<JsonObject> {
  const { call } = mediation
  const resumable = isResumable(mediation.method)
  const resumed = resumable ? resume(door, exchange, call) : undefined
  if (resumed?.parked !== undefined) return resumeCall(door, exchange, resumed.parked)
  const { gate } = door.deps
  const first = await gate.authorize(exchange.acting, call, exchange.signal)
  if (first.effect !== 'consent') return act(door, exchange, { mediation, resumed, verdict: first })
  const told = await tellConsent(door, exchange, { call, verdict: first, resumed, resumable })
  if ('result' in told) return told.result
  return act(door, exchange, { mediation, resumed, verdict: told.verdict })
}

type Decided = Exclude<Verdict, { readonly effect: 'consent' }>

async function act(
  door: DoorContext,
  exchange: Exchange,
  decided: { mediation: Mediation; resumed: SealedState | undefined; verdict: Decided },
): Promise<JsonObject> {
  const { mediation, resumed, verdict } = decided
  if (verdict.effect === 'allow') return forwardLosslessly(door, exchange, { mediation, resumed, verdict })
  return refusal(mediation.call, verdict.error, { 'remit/decision': verdict.decisionId })
}

function resume(door: DoorContext, exchange: Exchange, call: ToolCall): SealedState | undefined {
  const state = exchange.params['requestState']
  if (state === undefined || exchange.claim.era !== 'modern') return undefined
  return door.seal.open(state, exchange.caller.chain.task.id, call)
}

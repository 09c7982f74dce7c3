import { RemitError } from '../core/errors.ts'
import type { JsonObject } from '../core/json.ts'
import type { DoorContext } from './door-context.ts'
import { ownerOf, type Exchange } from './exchange.ts'
import { forwardCall } from './forward-call.ts'
import type { AllowedCall, Mediation } from './mediation.ts'

/**
 * Sends an allowed call, and once more when its answer was lost and sending it twice is the same as once. The second
 * sending is decided anew, so both are on record, each with its own outcome, and a task that was revoked in between
 * sends nothing. What does not run a second time ends as it did: unknown.
 */
export async function forwardLosslessly(
  door: DoorContext,
  exchange: Exchange,
  allowed: AllowedCall,
): Promise<JsonObject> {
  try {
    return await forwardCall(door, exchange, allowed)
  } catch (lost) {
    if (!isLost(lost) || exchange.signal.aborted || !mayRunTwice(door, allowed)) throw lost
    const mediation = await onLiveSession(door, exchange, allowed.mediation)
    if (mediation === undefined) throw lost
    const { gate, log } = door.deps
    const verdict = await gate.authorize(exchange.acting, mediation.call, exchange.signal)
    if (verdict.effect !== 'allow') throw lost
    const { server, tool } = mediation.call
    const decisions = { first: allowed.verdict.decisionId, second: verdict.decisionId }
    log.log('warn', 'answer lost, idempotent call sent again', { server, tool, ...decisions })
    return forwardCall(door, exchange, { mediation, resumed: undefined, verdict })
  }
}

/** The connection or the process went away. A server that was too slow once is not asked to be slow again. */
function isLost(thrown: unknown): boolean {
  return thrown instanceof RemitError && thrown.code === 'upstream_lost'
}

/**
 * An administrator's word counts, either way; else what the tool's own definition says, which is the trusted one, or
 * the call would have been denied. What a human agreed to once runs once.
 */
function mayRunTwice(door: DoorContext, { mediation, resumed, verdict }: AllowedCall): boolean {
  const { call } = mediation
  if (call.kind !== 'tool' || resumed !== undefined || verdict.consented === true) return false
  const said = door.deps.serverSettings.get(call.server)?.idempotent?.get(call.tool)
  if (said !== undefined) return said
  const { annotations = {} } = call.definition ?? {}
  return annotations['idempotentHint'] === true || annotations['readOnlyHint'] === true
}

/** The same tool on a session that lives; undefined = it is another tool now, or there is none. */
async function onLiveSession(
  door: DoorContext,
  exchange: Exchange,
  mediation: Mediation,
): Promise<Mediation | undefined> {
  const { call } = mediation
  try {
    const { tool, session } = await door.catalogue.tool(call.server, ownerOf(exchange), call.tool)
    return tool.definition.digest === call.definition?.digest ? { ...mediation, session } : undefined
  } catch {
    return undefined
  }
}

import { RemitError } from '../core/errors.ts'
import { isJsonObject, type JsonObject } from '../core/json.ts'
import type { ToolCall } from '../core/tool-call.ts'
import type { Verdict } from '../gate/gate.ts'
import { declaresElicitation } from './client-capabilities.ts'
import { consentMessage, type AskedConsent } from './consent-message.ts'
import type { DoorContext } from './door-context.ts'
import type { Exchange } from './exchange.ts'
import { holdForApproval } from './hold-for-approval.ts'
import { refusal } from './refuse-call.ts'
import { takesInputRequired } from './takes-input-required.ts'

type Decided = Exclude<Verdict, AskedConsent['verdict']>

/**
 * Tells the client in the best way that it declared that a human must decide, and waits where it may. Nothing
 * that the client answers counts as approval: after the wait the gate decides again.
 */
export async function tellConsent(
  door: DoorContext,
  exchange: Exchange,
  asked: AskedConsent,
): Promise<{ readonly result: JsonObject } | { readonly verdict: Decided }> {
  const { call, verdict, resumed } = asked
  const declared = declaresElicitation(exchange.claim, 'url')
  const takesUrl = declared && (exchange.claim.era !== 'modern' || takesInputRequired(exchange.claim))
  if (exchange.claim.era === 'modern' && takesUrl && asked.resumable) {
    if (resumed?.approval !== verdict.approval.id) return { result: inputRequired(door, exchange, asked) }
    if (wasDeclined(exchange.params)) return { result: pending(call, verdict) }
  }
  const state = await holdForApproval(door, exchange, { ...asked, elicit: takesUrl })
  if (state === 'pending') return { result: pending(call, verdict) }
  const again = await door.deps.gate.authorize(exchange.acting, call, exchange.signal)
  if (again.effect === 'consent') return { result: pending(call, again) }
  return { verdict: again }
}

/** https://modelcontextprotocol.io/specification/2026-07-28/basic/utilities/mrtr */
function inputRequired(door: DoorContext, exchange: Exchange, asked: AskedConsent): JsonObject {
  const { call, verdict } = asked
  const requestState = door.seal.seal({ approval: verdict.approval.id }, exchange.caller.chain.task.id, call)
  const params = { mode: 'url', message: consentMessage(asked), url: verdict.url }
  return {
    resultType: 'input_required',
    inputRequests: { approval: { method: 'elicitation/create', params } },
    requestState,
  }
}

function pending(call: ToolCall, verdict: AskedConsent['verdict']): JsonObject {
  const { approval, url } = verdict
  const error = new RemitError(
    'approval_pending',
    `approval \`${approval.id}\` is pending (${url}): ask a human to decide, then retry exactly the same call`,
    { cause: verdict.error },
  )
  return refusal(call, error, {
    'remit/decision': verdict.decisionId,
    'remit/approval': { id: approval.id, url },
  })
}

function wasDeclined(params: JsonObject): boolean {
  const responses = params['inputResponses']
  const answer = isJsonObject(responses) ? responses['approval'] : undefined
  return isJsonObject(answer) && (answer['action'] === 'decline' || answer['action'] === 'cancel')
}

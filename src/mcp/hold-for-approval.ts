import type { ApprovalState } from '../core/approval.ts'
import type { JsonObject } from '../core/json.ts'
import type { DoorContext } from './door-context.ts'
import { cancelled, type Exchange } from './exchange.ts'
import { consentMessage, type AskedConsent } from './consent-message.ts'
import { showLife } from './show-life.ts'

/**
 * Keeps the request open until a human decides, at most `hold` milliseconds, and shows the client that it is
 * alive. Ends at once when the client goes or cancels: nothing runs late.
 * @throws RemitError when the client cancelled or has gone.
 */
export async function holdForApproval(
  door: DoorContext,
  exchange: Exchange,
  asked: AskedConsent & { readonly elicit: boolean },
): Promise<ApprovalState> {
  const { gate } = door.deps
  const { id } = asked.verdict.approval
  const gone = new AbortController()
  const offClose = exchange.reply.onClose(() => gone.abort(cancelled()))
  const declined = new AbortController()
  const signal = AbortSignal.any([exchange.signal, gone.signal, declined.signal])
  const beats = showLife(exchange, `waiting for approval ${id}`, door.limits.beat)
  const elicited = asked.elicit && elicit(exchange, asked, { declined, signal })
  try {
    const approval = await gate.awaitApproval(exchange.acting, id, { timeout: door.limits.hold, signal })
    exchange.signal.throwIfAborted()
    gone.signal.throwIfAborted()
    if (elicited && approval.state !== 'pending') {
      exchange.reply.notify('notifications/elicitation/complete', { elicitationId: id })
    }
    return approval.state
  } finally {
    clearInterval(beats)
    offClose()
    declined.abort()
  }
}

/**
 * 2025-11-25 URL-mode elicitation on the stream of the call itself. `accept` only means that the page will be
 * opened; anything else ends the wait. https://modelcontextprotocol.io/specification/2025-11-25/client/elicitation
 */
function elicit(
  exchange: Exchange,
  asked: AskedConsent,
  wait: { readonly declined: AbortController; readonly signal: AbortSignal },
): boolean {
  const { session, reply } = exchange
  if (session === undefined || !reply.canStream) return false
  const { approval, url } = asked.verdict
  const params = { mode: 'url', elicitationId: approval.id, url, message: consentMessage(asked) }
  void awaitAnswer(session.ask(reply, { method: 'elicitation/create', params }, wait.signal), wait.declined)
  return true
}

/** A client that cannot show the page is held like one that never declared it. */
async function awaitAnswer(asked: Promise<JsonObject>, declined: AbortController): Promise<void> {
  try {
    const answer = await asked
    if (answer['action'] !== 'accept') declined.abort()
  } catch {
    // The wait goes on: the human may have the page from elsewhere.
  }
}

import { RemitError } from '../core/errors.ts'
import { actingCaller } from './acting-caller.ts'
import { answerWithError } from './answer-error.ts'
import type { DoorContext } from './door-context.ts'
import { cancelled, type Exchange } from './exchange.ts'
import { rowOf } from './message-table.ts'
import { resultMessage } from './reply.ts'
import { dressLegacy } from './wire/rev-2025-11-25/dress-result.ts'
import { dressModern } from './wire/rev-2026-07-28/dress-result.ts'

type Checked = Omit<Exchange, 'acting' | 'signal' | 'open' | 'afterAnswer'>

/** One checked request: finds its row, runs it, answers once. What goes wrong here is answered as the era wants. */
export async function serveRequest(door: DoorContext, asked: Checked): Promise<void> {
  const { id, method, claim, reply } = asked
  const controller = new AbortController()
  const stop = watchCancellation(asked, controller)
  const afterAnswer: Exchange['afterAnswer'] = []
  const open = door.open.enter()
  try {
    const row = rowOf(method, claim.era)
    if (row === undefined) throw unknownMethod(method)
    const acting = await actingCaller(door, asked)
    const result = await row.handler(door, { ...asked, acting, signal: controller.signal, open, afterAnswer })
    if (result === undefined) return
    if (controller.signal.aborted) reply.empty(202)
    else if (claim.era === 'legacy') reply.finish(200, resultMessage(id, dressLegacy(result)))
    else reply.finish(200, resultMessage(id, dressModern(result, door.serverInfo, row.ttl)))
  } catch (thrown) {
    // Who cancelled gets no answer, only the end of the stream.
    if (controller.signal.aborted) reply.empty(202)
    else answerWithError(door, reply, { thrown, stage: 'handler', id, era: claim.era })
  } finally {
    stop()
    door.open.leave(open)
    for (const listener of afterAnswer) listener(reply.bytes)
  }
}

/**
 * 2026-07-28: closing the response cancels. The initialize era: only `notifications/cancelled` does, a lost
 * connection does not.
 * @throws RemitError `request_invalid` for an id that is in use.
 */
function watchCancellation(asked: Checked, controller: AbortController): () => void {
  const { session, id, reply } = asked
  if (session === undefined) {
    if (asked.claim.era === 'legacy') return () => {}
    return reply.onClose(() => {
      if (!reply.answered) controller.abort(cancelled())
    })
  }
  if (session.inFlight.has(id)) {
    throw new RemitError('request_invalid', `the id \`${String(id)}\` is in use by an open request`)
  }
  session.inFlight.set(id, controller)
  return () => session.inFlight.delete(id)
}

function unknownMethod(method: string): RemitError {
  return new RemitError('method_unknown', `\`${method}\` is not served in this version of the protocol`)
}

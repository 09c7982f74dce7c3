import { RemitError } from '../core/errors.ts'
import { cancelled } from './exchange.ts'
import type { Message, RequestId } from './json-rpc.ts'
import type { LegacySession } from './legacy-session.ts'
import { NOTIFICATIONS } from './message-table.ts'
import type { Era } from './upstream.ts'

/** A POSTed response: only to what the gateway asked in this very session. @throws RemitError `request_invalid`. */
export function receiveResponse(
  session: LegacySession | undefined,
  message: Extract<Message, { kind: 'response' }>,
): void {
  if (session === undefined) throw new RemitError('request_invalid', 'the gateway asked nothing here')
  session.answer(message)
}

/** A notification is never answered; one that the table does not know is refused. @throws RemitError `method_unknown`. */
export function receiveNotification(
  era: Era,
  session: LegacySession | undefined,
  message: Extract<Message, { kind: 'notification' }>,
): void {
  const { method, params } = message
  const row = Object.hasOwn(NOTIFICATIONS, method) ? NOTIFICATIONS[method] : undefined
  if (row === undefined || !row.eras.includes(era)) {
    throw new RemitError('method_unknown', `\`${method}\` is not a notification that is served`)
  }
  if (row.does !== 'cancel') return
  const id = params['requestId']
  if (typeof id !== 'string' && typeof id !== 'number') return
  session?.inFlight.get(id satisfies RequestId)?.abort(cancelled())
}

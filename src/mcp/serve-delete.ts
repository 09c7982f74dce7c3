import { RemitError } from '../core/errors.ts'
import { identifyRequest } from './identify-request.ts'
import type { Inbound } from './inbound.ts'
import { requireSession } from './serve-post.ts'

/** DELETE of the initialize era ends a session; its open calls are cancelled. 2026-07-28 has no sessions: 405. */
export async function endSession(inbound: Inbound): Promise<void> {
  const { door, request, reply } = inbound
  if (request.headers['mcp-session-id'] === undefined) {
    throw new RemitError('http_method_refused', 'there is no session to end; send a POST')
  }
  const caller = await identifyRequest(door, request)
  door.sessions.delete(requireSession(inbound, caller))
  reply.empty(200)
}

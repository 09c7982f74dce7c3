import { RemitError } from '../core/errors.ts'
import { identifyAgain, identifyRequest } from './identify-request.ts'
import type { Inbound } from './inbound.ts'
import { renewLogLevels } from './log-levels.ts'
import { requireSession } from './serve-post.ts'
import {
  LOG_MESSAGE,
  PROMPTS_CHANGED,
  RESOURCE_UPDATED,
  RESOURCES_CHANGED,
  TOOLS_CHANGED,
  type Subscriber,
} from './subscription-hub.ts'

const ALL: ReadonlySet<string> = new Set([
  TOOLS_CHANGED,
  PROMPTS_CHANGED,
  RESOURCES_CHANGED,
  RESOURCE_UPDATED,
  LOG_MESSAGE,
])

/**
 * GET of the initialize era: the stream for what belongs to no request. One for each session; a new one ends the
 * old. Nothing is replayed, so `Last-Event-ID` means nothing here.
 * @throws RemitError `http_method_refused` without a session: 2026-07-28 has no GET.
 */
export async function openStream(inbound: Inbound): Promise<void> {
  const { door, request, reply, naming } = inbound
  if (request.headers['mcp-session-id'] === undefined || !reply.canStream) {
    throw new RemitError('http_method_refused', 'a GET needs a session and takes `text/event-stream`')
  }
  const caller = await identifyRequest(door, request)
  const session = requireSession(inbound, caller)
  const send: Subscriber['send'] = (method, params) => void reply.notify(method, params)
  const subscriber: Subscriber = {
    owner: session.owner,
    naming,
    methods: ALL,
    resources: session.resources,
    send,
    beat: () => {
      reply.comment()
      renewLogLevels(door, session)
    },
    recheck: () => identifyAgain(door, request, caller),
    end: () => reply.empty(200),
    // The nearest that this era has to it.
    resourceLost: () => send(RESOURCES_CHANGED, {}),
  }
  const remove = door.hub.add(subscriber, caller)
  session.stream?.empty(200)
  session.stream = reply
  reply.onClose(() => {
    remove()
    if (session.stream === reply) session.stream = undefined
  })
  reply.stream()
}

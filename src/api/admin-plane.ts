import type { IncomingMessage, ServerResponse } from 'node:http'
import { asRemitError, RemitError } from '../core/errors.ts'
import type { Json } from '../core/json.ts'
import type { Actor } from '../gate/administration.ts'
import { discardBody } from '../net/discard-body.ts'
import { checkHost } from '../net/check-host.ts'
import { isLoopbackHost } from '../net/ip-ranges.ts'
import { readBody } from '../net/read-body.ts'
import type { AdminPorts } from './admin-ports.ts'
import { OBSERVING_HEADER } from './observing-header.ts'
import { Html } from './html.ts'
import { matchRoute } from './match-route.ts'
import { reachOf } from './may.ts'
import { type PlainReply, type Reply, type Route, type Shown, shownBy } from './route.ts'
import { parseJsonBody, readJson } from './read-json.ts'
import { type Page, sendPage } from './send-page.ts'
import { PLAIN_HEADERS, sendReply } from './send-reply.ts'
import { sendStream, type StreamEvent } from './event-stream.ts'

/** Bytes of a body nobody asked for that are read away, so that the answer arrives. */
const MOST_DISCARDED = 1024 * 1024

/**
 * The admin plane as a request listener for `node:http`: Host and Origin, then route, credential, role, body,
 * handler. It never serves agents: a task's token is no credential here.
 */
export function createAdminPlane(
  ports: AdminPorts,
): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    void serve(ports, request, response)
  }
}

async function serve(ports: AdminPorts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const reply = await answer(ports, request, response).catch((thrown: unknown) =>
      errorReply(ports, request, thrown),
    )
    await discardBody(request, MOST_DISCARDED)
    if ('events' in reply) await streamed(ports, response, reply.events)
    else if ('page' in reply) sendPage(ports.pages, response, scrubbedPage(ports, reply.page))
    else sendReply(response, scrubbed(ports, reply))
  } catch (thrown) {
    ports.log.log('error', 'admin.answer_failed', { detail: asRemitError(thrown).detail })
    response.destroy()
  }
}

/** @throws RemitError `overloaded`. */
function held(ports: AdminPorts, response: ServerResponse, actor: Actor): void {
  response.once('close', ports.streams.take(actor.human.id))
}

async function streamed(
  ports: AdminPorts,
  response: ServerResponse,
  events: AsyncIterable<StreamEvent | 'beat'>,
): Promise<void> {
  const rules = observingHeader(ports)
  await sendStream(response, events, { ...PLAIN_HEADERS, ...rules })
}

/** Nothing that the plane says, whoever wrote it, shows a secret of the gateway. */
function scrubbedPage(ports: AdminPorts, page: Page): Page {
  return { ...page, body: new Html(ports.scrub(page.body.text)) }
}

function scrubbed(ports: AdminPorts, reply: PlainReply): PlainReply {
  return 'json' in reply
    ? { ...reply, json: ports.scrub(reply.json as Json) }
    : { ...reply, text: ports.scrub(reply.text) }
}

async function answer(ports: AdminPorts, request: IncomingMessage, response: ServerResponse): Promise<Reply> {
  const { host, origin, authorization, accept } = request.headers
  checkHost({ host, origin }, ports.hostGuard)
  const [path = '', search = ''] = splitTarget(request.url ?? '')
  const page = authorization === undefined && (accept ?? '').includes('text/html')
  const { route, params } = matchRoute({ method: request.method ?? '', path, page })
  const { actor, body } = await hear(ports, route, request)
  const gone = new AbortController()
  response.once('close', () => {
    gone.abort()
  })
  const viewer = route.page ? (await ports.browsers.glance(request))?.human : undefined
  const reply = await route.handle(ports, {
    params,
    ...(viewer === undefined ? {} : { viewer }),
    query: new URLSearchParams(search),
    body,
    signal: gone.signal,
    stillThere: async () => actor === undefined || ports.browsers.holds(actor),
    ...(actor === undefined ? {} : { actor }),
  })
  if ('events' in reply && actor !== undefined) held(ports, response, actor)
  return actor === undefined || 'page' in reply || 'events' in reply
    ? reply
    : { ...reply, headers: observingHeader(ports) }
}

/** Who asks, and what they send. */
async function hear(
  ports: AdminPorts,
  route: Route,
  request: IncomingMessage,
): Promise<{ readonly actor: Actor | undefined; readonly body: Json | undefined }> {
  const { authorization, 'content-type': type } = request.headers
  const reads = route.method === 'POST'
  if (authorization === undefined && !route.who.includes('anyone') && ports.browsers.comes(request)) {
    // What a session signs is whole: the body is part of the proof.
    const bytes = reads ? await readBody(request, ports.bodyCap) : Buffer.alloc(0)
    const actor = ports.browsers.login.actorOf(await ports.browsers.prove(request, bytes))
    return { actor: admitted(actor, route), body: reads ? parseJsonBody(bytes, type) : undefined }
  }
  const actor = await admit(ports, route, request)
  return { actor, body: reads ? await readJson(request, ports.bodyCap) : undefined }
}

/** Every screen that is made from an answer can say that rules are not enforced. */
function observingHeader(ports: AdminPorts): Readonly<Record<string, string>> {
  const rules = ports.observing().map(({ what, until }) => `${what} until ${until}`)
  return rules.length === 0 ? {} : { [OBSERVING_HEADER]: rules.join(', ') }
}

/** The one who asks, proved and allowed to; undefined where the route asks for nobody. */
async function admit(ports: AdminPorts, route: Route, request: IncomingMessage): Promise<Actor | undefined> {
  if (route.who.includes('anyone')) return undefined
  const { authorization } = request.headers
  const local = ports.metricsOpen && isLoopbackHost(request.socket.remoteAddress ?? '')
  if (route.who.includes('local') && local && authorization === undefined) return undefined
  return admitted(await ports.authenticate(authorization), route)
}

/**
 * The one place where roles are asked: by what was shown, then by who it is. The credential on disk stands for whoever may
 * read the folder in which the records lie, and sees everything.
 * @throws RemitError `role_missing`.
 */
function admitted(actor: Actor, route: Route): Actor {
  const shown = shownBy(actor)
  if (!route.who.includes(shown)) throw new RemitError('role_missing', missing(shown, route))
  if (shown !== 'human') return { ...actor, reach: 'all' }
  return { ...actor, reach: reachOf(actor.human, route.may, `\`${route.method} ${route.path}\``) }
}

function missing(shown: Shown, route: Route): string {
  const what = `${route.method} ${route.path}`
  if (shown === 'stored') return `the local credential may not use \`${what}\`; it needs an approver code`
  if (shown === 'bound') return `this code may only decide approvals of its task, not use \`${what}\``
  return `\`${what}\` answers only to the local credential`
}

function splitTarget(target: string): readonly string[] {
  const mark = target.indexOf('?')
  return mark < 0 ? [target] : [target.slice(0, mark), target.slice(mark + 1)]
}

function errorReply(ports: AdminPorts, request: IncomingMessage, thrown: unknown): Reply {
  const error = asRemitError(thrown)
  const level =
    error.status >= 500 ? 'error' : error.status === 401 || error.status === 403 ? 'warn' : 'debug'
  ports.log.log(level, 'admin.refused', {
    code: error.code,
    method: request.method,
    path: (request.url ?? '').split('?')[0],
    detail: error.detail,
  })
  const { code, message, data } = error
  return { status: error.status, json: { error: { code, message, ...(data === undefined ? {} : { data }) } } }
}

import type { IncomingMessage, ServerResponse } from 'node:http'
import { RemitError } from '../core/errors.ts'
import { isServerKey, type ServerKey } from '../core/ids.ts'
import { checkHost } from '../net/check-host.ts'
import { createDoorContext, type DoorContext } from './door-context.ts'
import type { DoorDeps } from './door-deps.ts'
import type { Inbound } from './inbound.ts'
import { answerWithError } from './answer-error.ts'
import { type Endpoints, endpointsOf } from './endpoints.ts'
import { Reply } from './reply.ts'
import { describedEndpoint, metadataPath, resourceMetadata } from './resource-metadata.ts'
import { endSession } from './serve-delete.ts'
import { openStream } from './serve-get.ts'
import { servePost } from './serve-post.ts'
import { acceptsStream } from './steps/check-content-type.ts'

export interface McpDoor {
  /** Whether this door answers the path of the request. */
  serves(request: IncomingMessage): boolean
  /** Answers one request; never throws. */
  handle(request: IncomingMessage, response: ServerResponse): void
  /**
   * The servers or virtual servers that it was given are others now: endpoints follow, clients are told, and streams of
   * endpoints that are gone, or show something else, end.
   */
  serversChanged(): void
  /** Resolves when no request that is open now can reach what this server was. */
  released(server: ServerKey): Promise<void>
  /** Ends streams and sessions; calls in flight go on until they are answered. */
  close(): void
}

/** Checks that hold for every HTTP method, and who serves each. What is not here is 405. */
const METHODS: Readonly<Record<string, (inbound: Inbound) => Promise<void>>> = {
  POST: servePost,
  GET: openStream,
  DELETE: endSession,
}

/**
 * The MCP endpoint: `/mcp` for all servers under prefixed names, `/mcp/<server>` for one under its own, `/mcp/<virtual>`
 * for a selection, and the metadata of the protected resource (RFC 9728).
 */
export function createMcpDoor(deps: DoorDeps): McpDoor {
  const door = createDoorContext(deps)
  let endpoints = endpointsOf(deps)
  return {
    serves(request) {
      const path = pathOf(request)
      return path === '/mcp' || path.startsWith('/mcp/') || metadataPath(path)
    },
    handle(request, response) {
      serve(door, endpoints, { request, response }).catch((error: unknown) => {
        deps.log.log('error', 'mcp door failed', { error: String(error) })
        response.destroy()
      })
    },
    serversChanged() {
      endpoints = endpointsOf(deps, endpoints)
      door.hub.serversChanged(new Set([...endpoints.values()].map(({ naming }) => naming)))
    },
    released: (server) => door.open.ended(server),
    close() {
      door.hub.close()
      door.sessions.close()
      door.parked.close()
      door.tasks.close()
    },
  }
}

async function serve(
  door: DoorContext,
  endpoints: Endpoints,
  http: { readonly request: IncomingMessage; readonly response: ServerResponse },
): Promise<void> {
  const { request, response } = http
  const path = pathOf(request)
  let reply = new Reply(response, false)
  try {
    checkHost(request.headers, door.deps.hostGuard)
    if (metadataPath(path)) {
      serveMetadata(door, endpoints, { request, reply })
      return
    }
    const naming = endpoints.get(path)?.naming
    if (naming === undefined) throw notFound(path)
    const method = METHODS[request.method ?? '']
    if (method === undefined) throw refusedMethod(request.method)
    reply = new Reply(response, acceptsStream(request.headers))
    await method({ door, request, reply, naming })
  } catch (thrown) {
    if (!request.readableEnded) request.resume()
    answerWithError(door, reply, { thrown, stage: 'door', id: null })
  }
}

function serveMetadata(
  door: DoorContext,
  endpoints: Endpoints,
  { request, reply }: { readonly request: IncomingMessage; readonly reply: Reply },
): void {
  if (request.method !== 'GET') throw refusedMethod(request.method)
  const endpoint = describedEndpoint(reply.path)
  if (!endpoints.has(endpoint)) throw notFound(endpoint)
  reply.finish(200, resourceMetadata(door.deps, endpoint))
}

function pathOf(request: IncomingMessage): string {
  const url = request.url ?? '/'
  const query = url.indexOf('?')
  return query < 0 ? url : url.slice(0, query)
}

function notFound(path: string): RemitError {
  const server = path.startsWith('/mcp/') ? path.slice('/mcp/'.length) : ''
  const what = isServerKey(server) ? `no server \`${server}\` is configured` : 'nothing is served here'
  return new RemitError('not_found', `${what}; the endpoint of all servers is \`/mcp\``)
}

function refusedMethod(method: string | undefined): RemitError {
  return new RemitError('http_method_refused', `\`${method ?? ''}\` is not served here; send a POST`)
}

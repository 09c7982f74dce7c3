import { RemitError } from '../core/errors.ts'
import type { ServerKey } from '../core/ids.ts'
import type { JsonObject } from '../core/json.ts'
import { declaresElicitation } from './client-capabilities.ts'
import type { DoorContext } from './door-context.ts'
import type { Exchange } from './exchange.ts'
import { isServerMessage, SERVER_MESSAGES } from './server-message-table.ts'
import { UpstreamRpcError } from './upstream.ts'

export interface ServerRequest {
  readonly server: ServerKey
  readonly method: string
  readonly params: JsonObject
}

const NO_ROOTS: JsonObject = { roots: [] }
const EMPTY: JsonObject = {}

/**
 * Answers what a server asks while one of the client's calls is open.
 * @throws UpstreamRpcError for what is refused: sampling spends the user's model and lets a server steer it;
 *   other questions reach only a client that declared them and can be asked on this very request.
 */
export async function answerServerRequest(
  door: DoorContext,
  exchange: Exchange,
  request: ServerRequest,
): Promise<JsonObject> {
  const { method } = request
  const does = isServerMessage(method) ? SERVER_MESSAGES[method] : 'refuse'
  if (does === 'relay' && method === 'elicitation/create') return elicitFromClient(door, exchange, request)
  if (does === 'terminate') return method === 'roots/list' ? NO_ROOTS : EMPTY
  throw new UpstreamRpcError(-32601, `\`${method}\` is refused by the gateway`)
}

async function elicitFromClient(
  door: DoorContext,
  exchange: Exchange,
  request: ServerRequest,
): Promise<JsonObject> {
  const { session, reply, claim, signal } = exchange
  const mode = request.params['mode'] === 'url' ? 'url' : 'form'
  if (session === undefined || !reply.canStream || !declaresElicitation(claim, mode)) {
    throw new UpstreamRpcError(-32601, 'the client of this call cannot be asked for input')
  }
  const wait = AbortSignal.any([signal, AbortSignal.timeout(door.limits.answerWait)])
  const asked = { method: request.method, params: namingOrigin(request.server, request.params) }
  try {
    return await session.ask(reply, asked, wait)
  } catch (thrown) {
    if (thrown instanceof UpstreamRpcError) throw thrown
    const why = thrown instanceof RemitError ? thrown.message : 'the client did not answer'
    throw new UpstreamRpcError(-32603, why)
  }
}

/** The human must see who asks: a server could otherwise speak in the gateway's name. */
export function namingOrigin(server: ServerKey, params: JsonObject): JsonObject {
  const { message } = params
  return { ...params, message: `[server ${server} asks] ${typeof message === 'string' ? message : ''}` }
}

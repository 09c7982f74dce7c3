import { asRemitError } from '../core/errors.ts'
import type { ServerKey } from '../core/ids.ts'
import type { JsonObject } from '../core/json.ts'
import { authorizeQuestion } from './authorize-question.ts'
import type { DoorContext } from './door-context.ts'
import type { Exchange } from './exchange.ts'
import { answererOf, questionOf, type Asker, type ServerQuestion } from './server-question.ts'
import { UpstreamRpcError } from './upstream.ts'

export interface ServerRequest {
  readonly server: ServerKey
  readonly method: string
  readonly params: JsonObject
  readonly ask: Asker | undefined
  /** Aborts when the server takes it back. */
  readonly withdrawn?: AbortSignal | undefined
}

/** What clients answer who do not want to: https://modelcontextprotocol.io/specification/2025-11-25/client/sampling */
const REJECTED = -1
const EMPTY: JsonObject = {}

/**
 * Answers what a server of the initialize era asks while one of the client's calls is open.
 * @throws UpstreamRpcError for what is refused, and for what this client cannot be asked on this very request.
 */
export async function answerServerRequest(
  door: DoorContext,
  exchange: Exchange,
  { server, method, params, ask, withdrawn }: ServerRequest,
): Promise<JsonObject> {
  if (method === 'ping') return EMPTY
  const asked = questionOf(server, method, params)
  if (asked === undefined) throw new UpstreamRpcError(-32601, `\`${method}\` is refused by the gateway`)
  const question = withdrawn === undefined ? asked : { ...asked, withdrawn }
  try {
    return await answerQuestion(door, exchange, { question, ask })
  } catch (thrown) {
    if (thrown instanceof UpstreamRpcError) throw thrown
    const { code, message } = asRemitError(thrown)
    throw new UpstreamRpcError(code === 'upstream_interactive' ? REJECTED : -32603, message)
  }
}

/**
 * The answer of whoever may give it.
 * @throws UpstreamRpcError when nobody can, and with the client's own error; RemitError `upstream_interactive` when
 *   policy refuses.
 */
export async function answerQuestion(
  door: DoorContext,
  exchange: Exchange,
  { question, ask }: { readonly question: ServerQuestion; readonly ask: Asker | undefined },
): Promise<JsonObject> {
  const answerer = answererOf(door, exchange, question)
  const answer = answerer === 'gateway' ? () => configuredRoots(door, question) : answerer && ask
  if (answer === undefined) {
    throw new UpstreamRpcError(-32601, `the client of this call cannot be asked for \`${question.method}\``)
  }
  const allowed = await authorizeQuestion(door, exchange, question)
  try {
    const result = await answer(question)
    allowed.settle({ status: 'ok', result })
    return result
  } catch (thrown) {
    const cancelled = exchange.signal.aborted || question.withdrawn?.aborted === true
    allowed.settle(cancelled ? { status: 'cancelled' } : { status: 'error', error: String(thrown) })
    throw thrown
  }
}

/** `Root[]` of the configuration; none unless it names some, since roots name local paths. */
function configuredRoots(door: DoorContext, { server }: ServerQuestion): JsonObject {
  const roots = door.deps.serverSettings.get(server)?.roots
  return { roots: Array.isArray(roots) ? roots : [] }
}

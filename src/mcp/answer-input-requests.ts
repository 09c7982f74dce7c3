import { RemitError } from '../core/errors.ts'
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts'
import type { ToolCall } from '../core/tool-call.ts'
import { answerServerRequest, namingOrigin } from './answer-server-request.ts'
import { declaresElicitation } from './client-capabilities.ts'
import type { DoorContext } from './door-context.ts'
import type { Exchange } from './exchange.ts'

/**
 * What to do with a modern server's `input_required`: answer what the gateway answers itself, hand questions to
 * a modern client in its own `input_required`, ask a legacy client on the stream of its request.
 * @throws RemitError `upstream_interactive` for what is refused or cannot be asked.
 */
export async function answerInputRequests(
  door: DoorContext,
  exchange: Exchange,
  asked: { readonly call: ToolCall; readonly result: JsonObject },
): Promise<{ readonly relay: JsonObject } | { readonly responses: JsonObject }> {
  const requests = isJsonObject(asked.result['inputRequests']) ? asked.result['inputRequests'] : {}
  const questions: Record<string, JsonObject> = {}
  const responses: Record<string, Json> = {}
  for (const [key, request] of Object.entries(requests)) {
    const { method, params } = readRequest(request)
    if (method === 'roots/list') {
      responses[key] = await answerServerRequest(door, exchange, {
        server: asked.call.server,
        method,
        params,
      })
    } else if (method === 'elicitation/create' && mayAsk(exchange, params)) {
      questions[key] = params
    } else {
      throw new RemitError('upstream_interactive', `the server asks for \`${method}\`, which is refused here`)
    }
  }
  if (exchange.claim.era === 'modern') {
    const onlyLocal = Object.keys(questions).length === 0 && Object.keys(responses).length > 0
    return onlyLocal ? { responses } : { relay: relayed(door, exchange, asked, questions) }
  }
  for (const [key, params] of Object.entries(questions)) {
    const request = { server: asked.call.server, method: 'elicitation/create', params }
    responses[key] = await answerServerRequest(door, exchange, request)
  }
  return { responses }
}

/** The server's state travels inside the gateway's own, bound to this task and call. */
function relayed(
  door: DoorContext,
  exchange: Exchange,
  asked: { readonly call: ToolCall; readonly result: JsonObject },
  questions: Record<string, JsonObject>,
): JsonObject {
  const state = asked.result['requestState']
  const inputRequests: Record<string, JsonObject> = {}
  for (const [key, params] of Object.entries(questions)) {
    inputRequests[key] = { method: 'elicitation/create', params: namingOrigin(asked.call.server, params) }
  }
  const held = { asked: true, ...(typeof state === 'string' ? { upstream: state } : {}) }
  return {
    resultType: 'input_required',
    ...(Object.keys(questions).length === 0 ? {} : { inputRequests }),
    requestState: door.seal.seal(held, exchange.caller.chain.task.id, asked.call),
  }
}

function mayAsk(exchange: Exchange, params: JsonObject): boolean {
  return declaresElicitation(exchange.claim, params['mode'] === 'url' ? 'url' : 'form')
}

function readRequest(request: Json): { readonly method: string; readonly params: JsonObject } {
  if (!isJsonObject(request) || typeof request['method'] !== 'string') {
    throw new RemitError('upstream_garbage', 'the server asks for input in a form that MCP does not know')
  }
  const { method, params } = request
  return { method, params: isJsonObject(params) ? params : {} }
}

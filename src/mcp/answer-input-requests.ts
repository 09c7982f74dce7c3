import { RemitError } from '../core/errors.ts'
import type { ServerKey } from '../core/ids.ts'
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts'
import type { ToolCall } from '../core/tool-call.ts'
import { answerQuestion } from './answer-server-request.ts'
import { authorizeQuestion } from './authorize-question.ts'
import type { DoorContext } from './door-context.ts'
import type { Exchange } from './exchange.ts'
import { answererOf, namingOrigin, questionOf, type Asker, type ServerQuestion } from './server-question.ts'

/**
 * What to do with a modern server's `input_required`: answer what the gateway answers itself, hand questions to
 * a modern client in its own `input_required`, ask a legacy client on the stream of its request.
 * @throws RemitError `upstream_interactive` for what is refused or cannot be asked.
 */
export async function answerInputRequests(
  door: DoorContext,
  exchange: Exchange,
  asked: { readonly call: ToolCall; readonly result: JsonObject; readonly ask: Asker | undefined },
): Promise<{ readonly relay: JsonObject } | { readonly responses: JsonObject }> {
  const requests = isJsonObject(asked.result['inputRequests']) ? asked.result['inputRequests'] : {}
  const questions = Object.entries(requests).map(([key, request]) => {
    const question = readQuestion(asked.call.server, request)
    const answerer = answererOf(door, exchange, question)
    if (answerer === undefined) throw refused(question.method)
    return { key, question, relayed: answerer === 'client' && exchange.claim.era === 'modern' }
  })
  const responses: Record<string, Json> = {}
  const relayed: Record<string, JsonObject> = {}
  for (const { key, question, relayed: isRelayed } of questions) {
    if (isRelayed) relayed[key] = await relay(door, exchange, question)
    else responses[key] = await answerQuestion(door, exchange, { question, ask: asked.ask })
  }
  const allHere = Object.keys(responses).length > 0 && Object.keys(relayed).length === 0
  if (exchange.claim.era === 'legacy' || allHere) return { responses }
  return { relay: inputRequired(door, exchange, asked, { relayed, responses }) }
}

/** The client's answer comes with its next request, whose own record holds what came of it. */
async function relay(door: DoorContext, exchange: Exchange, question: ServerQuestion): Promise<JsonObject> {
  const allowed = await authorizeQuestion(door, exchange, question)
  exchange.afterAnswer.push(() => {
    allowed.settle({ status: 'ok' })
  })
  return { method: question.method, params: namingOrigin(question) }
}

/** The server's state, and what the gateway answered itself, travel inside the gateway's own, bound to task and call. */
function inputRequired(
  door: DoorContext,
  exchange: Exchange,
  asked: { readonly call: ToolCall; readonly result: JsonObject },
  { relayed, responses }: { readonly relayed: JsonObject; readonly responses: JsonObject },
): JsonObject {
  const state = asked.result['requestState']
  const held = {
    asked: true,
    ...(typeof state === 'string' ? { upstream: state } : {}),
    ...(Object.keys(responses).length === 0 ? {} : { answers: responses }),
  }
  return {
    resultType: 'input_required',
    ...(Object.keys(relayed).length === 0 ? {} : { inputRequests: relayed }),
    requestState: door.seal.seal(held, exchange.caller.chain.task.id, asked.call),
  }
}

function readQuestion(server: ServerKey, request: Json): ServerQuestion {
  if (!isJsonObject(request) || typeof request['method'] !== 'string') {
    throw new RemitError('upstream_garbage', 'the server asks for input in a form that MCP does not know')
  }
  const { method, params } = request
  const question = questionOf(server, method, isJsonObject(params) ? params : {})
  if (question === undefined) throw refused(method)
  return question
}

function refused(method: string): RemitError {
  return new RemitError('upstream_interactive', `the server asks for \`${method}\`, which is refused here`)
}

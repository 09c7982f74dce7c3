import type { ServerResponse } from 'node:http'
import { randomUUID } from 'node:crypto'
import { isJsonObject, type JsonObject } from '../../../src/core/json.ts'
import { objectsIn, openingOf, textIn } from './body.ts'
import type { Asked, Chosen } from './script.ts'
import { sendJson, stream } from './sse.ts'

/** OpenAI's chat completions, as opencode and Copilot CLI speak it. */
export function askedOfChat(body: JsonObject): Asked {
  return {
    opening: openingOf(objectsIn(body['messages'])),
    tools: objectsIn(body['tools']).map(({ function: tool }) =>
      isJsonObject(tool) ? textIn(tool, 'name') : '',
    ),
    results: objectsIn(body['messages'])
      .filter((message) => message['role'] === 'tool')
      .map((message) => JSON.stringify(message)),
  }
}

export function answerChat(response: ServerResponse, body: JsonObject, chosen: Chosen): void {
  const said = { id: `chatcmpl-${randomUUID()}`, created: 1, model: body['model'] }
  const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 }
  const finish = chosen.kind === 'text' ? 'stop' : 'tool_calls'
  const message =
    chosen.kind === 'text'
      ? { role: 'assistant', content: chosen.text }
      : {
          role: 'assistant',
          content: null,
          tool_calls: [
            {
              index: 0,
              id: chosen.use ?? `call_${randomUUID().slice(0, 8)}`,
              type: 'function',
              function: { name: chosen.name, arguments: JSON.stringify(chosen.args) },
            },
          ],
        }
  if (body['stream'] !== true) {
    const choices = [{ index: 0, message, finish_reason: finish }]
    sendJson(response, { ...said, object: 'chat.completion', choices, usage })
    return
  }
  const send = stream(response)
  const chunk = { ...said, object: 'chat.completion.chunk' }
  send({ ...chunk, choices: [{ index: 0, delta: message, finish_reason: null }] })
  send({ ...chunk, choices: [{ index: 0, delta: {}, finish_reason: finish }], usage })
  response.end('data: [DONE]\n\n')
}

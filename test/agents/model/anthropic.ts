import type { ServerResponse } from 'node:http'
import { randomUUID } from 'node:crypto'
import type { JsonObject } from '../../../src/core/json.ts'
import { objectsIn, openingOf, textIn } from './body.ts'
import type { Asked, Chosen } from './script.ts'
import { sendJson, stream } from './sse.ts'

/** Anthropic's Messages API, as Claude Code speaks it. */
export function askedOfAnthropic(body: JsonObject): Asked {
  const results = objectsIn(body['messages'])
    .flatMap((message) => objectsIn(message['content']))
    .filter((part) => part['type'] === 'tool_result')
  return {
    opening: openingOf(objectsIn(body['messages'])),
    tools: objectsIn(body['tools']).map((tool) => textIn(tool, 'name')),
    results: results.map((result) => JSON.stringify(result)),
  }
}

export function answerAnthropic(response: ServerResponse, body: JsonObject, chosen: Chosen): void {
  const block =
    chosen.kind === 'text'
      ? { type: 'text', text: chosen.text }
      : {
          type: 'tool_use',
          id: chosen.use ?? `toolu_${randomUUID().slice(0, 8)}`,
          name: chosen.name,
          input: chosen.args,
        }
  const stop = chosen.kind === 'text' ? 'end_turn' : 'tool_use'
  const message = {
    id: `msg_${randomUUID()}`,
    type: 'message',
    role: 'assistant',
    model: body['model'],
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { input_tokens: 10, output_tokens: 1 },
  }
  if (body['stream'] !== true) {
    sendJson(response, { ...message, content: [block], stop_reason: stop })
    return
  }
  const send = stream(response)
  const event = (type: string, data: object): void => {
    send({ type, ...data }, type)
  }
  event('message_start', { message })
  const empty = chosen.kind === 'text' ? { ...block, text: '' } : { ...block, input: {} }
  event('content_block_start', { index: 0, content_block: empty })
  const delta =
    chosen.kind === 'text'
      ? { type: 'text_delta', text: chosen.text }
      : { type: 'input_json_delta', partial_json: JSON.stringify(chosen.args) }
  event('content_block_delta', { index: 0, delta })
  event('content_block_stop', { index: 0 })
  event('message_delta', { delta: { stop_reason: stop, stop_sequence: null }, usage: { output_tokens: 5 } })
  event('message_stop', {})
  response.end()
}

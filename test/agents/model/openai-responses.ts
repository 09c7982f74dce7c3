import type { ServerResponse } from 'node:http'
import { randomUUID } from 'node:crypto'
import type { JsonObject } from '../../../src/core/json.ts'
import { objectsIn, openingOf, textIn } from './body.ts'
import type { Asked, Chosen } from './script.ts'
import { stream } from './sse.ts'

interface Offered {
  readonly full: string
  readonly name: string
  readonly namespace?: string
  readonly custom: boolean
}

/** OpenAI's Responses API, as Codex speaks it: MCP tools come in a namespace, `apply_patch` takes plain text. */
export function askedOfResponses(body: JsonObject): Asked {
  return {
    opening: openingOf(objectsIn(body['input'])),
    tools: offered(body).map((tool) => tool.full),
    results: objectsIn(body['input'])
      .filter((item) => textIn(item, 'type').endsWith('_output'))
      .map((item) => JSON.stringify(item)),
  }
}

function offered(body: JsonObject): readonly Offered[] {
  return objectsIn(body['tools']).flatMap((tool): Offered[] => {
    const name = textIn(tool, 'name') || textIn(tool, 'type')
    if (tool['type'] !== 'namespace') return [{ full: name, name, custom: tool['type'] === 'custom' }]
    return objectsIn(tool['tools']).map((each) => ({
      full: `${name}__${textIn(each, 'name')}`,
      name: textIn(each, 'name'),
      namespace: name,
      custom: false,
    }))
  })
}

function itemOf(body: JsonObject, chosen: Chosen): JsonObject {
  if (chosen.kind === 'text') {
    const part = { type: 'output_text', text: chosen.text, annotations: [] }
    return { type: 'message', id: 'msg_1', role: 'assistant', status: 'completed', content: [part] }
  }
  const tool = offered(body).find((each) => each.full === chosen.name)
  const call = { call_id: chosen.use ?? `call_${randomUUID().slice(0, 8)}`, name: tool?.name ?? chosen.name }
  const text = typeof chosen.args === 'string' ? chosen.args : JSON.stringify(chosen.args)
  if (tool?.custom === true)
    return { type: 'custom_tool_call', id: 'ctc_1', ...call, input: text, status: 'completed' }
  const space = tool?.namespace === undefined ? {} : { namespace: tool.namespace }
  return { type: 'function_call', id: 'fc_1', ...call, ...space, arguments: text, status: 'completed' }
}

export function answerResponses(response: ServerResponse, body: JsonObject, chosen: Chosen): void {
  const item = itemOf(body, chosen)
  const send = stream(response)
  const event = (type: string, data: object): void => {
    send({ type, ...data }, type)
  }
  const whole = {
    id: `resp_${randomUUID()}`,
    object: 'response',
    created_at: 1,
    status: 'completed',
    model: body['model'],
    output: [item],
    usage: {
      input_tokens: 10,
      input_tokens_details: { cached_tokens: 0 },
      output_tokens: 5,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: 15,
    },
    error: null,
  }
  event('response.created', { response: { ...whole, status: 'in_progress', output: [], usage: null } })
  event('response.output_item.added', { output_index: 0, item: { ...item, status: 'in_progress' } })
  event('response.output_item.done', { output_index: 0, item })
  event('response.completed', { response: whole })
  response.end()
}

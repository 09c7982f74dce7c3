import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import type { AddressInfo } from 'node:net'
import { isJsonObject, type JsonObject } from '../../../src/core/json.ts'
import { answerAnthropic, askedOfAnthropic } from './anthropic.ts'
import { answerGemini, askedOfGemini } from './gemini.ts'
import { answerChat, askedOfChat } from './openai-chat.ts'
import { answerResponses, askedOfResponses } from './openai-responses.ts'
import { Script, type Mind } from './script.ts'
import { sendJson } from './sse.ts'

export interface ServedModel {
  readonly url: string
  close(): void
}

export interface ScriptedModel extends ServedModel {
  readonly script: Script
}

export async function startScriptedModel(): Promise<ScriptedModel> {
  const script = new Script()
  return { ...(await serveModel(script)), script }
}

/**
 * One model behind the four APIs that coding agents speak, on this machine alone.
 * @param overhear is given each request as it came.
 */
export async function serveModel(mind: Mind, overhear?: (body: string) => void): Promise<ServedModel> {
  const server = createServer((request, response) => {
    answer({ mind, overhear }, request, response).catch((thrown: unknown) => {
      response.destroy(thrown instanceof Error ? thrown : undefined)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

interface Listening {
  readonly mind: Mind
  readonly overhear: ((body: string) => void) | undefined
}

async function answer(
  { mind, overhear }: Listening,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const [path = ''] = (request.url ?? '').split('?')
  const heard = await text(request)
  overhear?.(heard)
  const body = parsed(heard)
  if (path.endsWith('/count_tokens')) sendJson(response, { input_tokens: 10 })
  else if (path.endsWith(':countTokens')) sendJson(response, { totalTokens: 10 })
  else if (path.endsWith('/v1/messages')) answerAnthropic(response, body, mind.next(askedOfAnthropic(body)))
  else if (path.endsWith('/responses')) answerResponses(response, body, mind.next(askedOfResponses(body)))
  else if (path.endsWith('/chat/completions')) answerChat(response, body, mind.next(askedOfChat(body)))
  else if (/:(stream)?[gG]enerateContent$/.test(path))
    answerGemini(response, path, mind.next(askedOfGemini(body)))
  else if (path.endsWith('/models')) {
    sendJson(response, {
      object: 'list',
      data: [{ id: 'scripted', object: 'model', owned_by: 'x' }],
      models: [],
    })
  } else {
    response.writeHead(404, { 'content-type': 'application/json' })
    response.end('{"error":{"message":"the scripted model has no such path"}}')
  }
}

function parsed(body: string): JsonObject {
  const json: unknown = body === '' ? {} : JSON.parse(body)
  return isJsonObject(json) ? json : {}
}

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import type { AddressInfo } from 'node:net'
import { isJsonObject, type JsonObject } from '../../../src/core/json.ts'
import { answerAnthropic, askedOfAnthropic } from './anthropic.ts'
import { answerGemini, askedOfGemini } from './gemini.ts'
import { answerChat, askedOfChat } from './openai-chat.ts'
import { answerResponses, askedOfResponses } from './openai-responses.ts'
import { Script } from './script.ts'
import { sendJson } from './sse.ts'

export interface ScriptedModel {
  readonly url: string
  readonly script: Script
  close(): void
}

/** One model behind the four APIs that coding agents speak, on this machine alone. */
export async function startScriptedModel(): Promise<ScriptedModel> {
  const script = new Script()
  const server = createServer((request, response) => {
    answer(script, request, response).catch((thrown: unknown) => {
      response.destroy(thrown instanceof Error ? thrown : undefined)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    script,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

async function answer(script: Script, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [path = ''] = (request.url ?? '').split('?')
  const body = parsed(await text(request))
  if (path.endsWith('/count_tokens')) sendJson(response, { input_tokens: 10 })
  else if (path.endsWith(':countTokens')) sendJson(response, { totalTokens: 10 })
  else if (path.endsWith('/v1/messages')) answerAnthropic(response, body, script.next(askedOfAnthropic(body)))
  else if (path.endsWith('/responses')) answerResponses(response, body, script.next(askedOfResponses(body)))
  else if (path.endsWith('/chat/completions')) answerChat(response, body, script.next(askedOfChat(body)))
  else if (/:(stream)?[gG]enerateContent$/.test(path))
    answerGemini(response, path, script.next(askedOfGemini(body)))
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

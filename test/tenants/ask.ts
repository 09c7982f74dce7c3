import type { Json, JsonObject } from '../../src/core/json.ts'

/** One answer, as far as two of them are compared. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
}

export interface Question {
  readonly method: string
  readonly url: string
  readonly credential?: string | undefined
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Json | URLSearchParams | undefined
}

const OF_THE_CONNECTION = new Set(['date', 'connection', 'keep-alive', 'transfer-encoding'])

/** Of a stream only the first event is waited for. */
export async function ask(question: Question): Promise<Answer> {
  const { method, url, credential, body } = question
  const form = body instanceof URLSearchParams
  const stop = new AbortController()
  const response = await fetch(url, {
    method,
    redirect: 'manual',
    signal: stop.signal,
    headers: {
      ...(credential === undefined ? {} : { authorization: `Bearer ${credential}` }),
      ...(body === undefined || form ? {} : { 'content-type': 'application/json' }),
      ...question.headers,
    },
    ...(body === undefined ? {} : { body: form ? body : JSON.stringify(body) }),
  })
  const headers = [...response.headers].filter(([name]) => !OF_THE_CONNECTION.has(name))
  return { status: response.status, headers: Object.fromEntries(headers), text: await textOf(response, stop) }
}

async function textOf(response: Response, stop: AbortController): Promise<string> {
  if (response.headers.get('content-type')?.startsWith('text/event-stream') !== true) return response.text()
  let text = ''
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk as Uint8Array).toString('utf8')
    if (/^data: \{/m.test(text) && text.endsWith('\n\n')) break
  }
  stop.abort()
  return text
}

export type Era = 'modern' | 'legacy'

const VERSION = { modern: '2026-07-28', legacy: '2025-11-25' }

/** A message of MCP as a client of this era sends it. */
export function mcp(
  era: Era,
  method: string,
  params: JsonObject,
  headers: Readonly<Record<string, string>> = {},
): Pick<Question, 'method' | 'headers' | 'body'> {
  const capabilities = {
    elicitation: { form: {}, url: {} },
    extensions: { 'io.modelcontextprotocol/tasks': {} },
  }
  const meta = {
    'io.modelcontextprotocol/protocolVersion': VERSION.modern,
    'io.modelcontextprotocol/clientInfo': { name: 'tester', version: '1' },
    'io.modelcontextprotocol/clientCapabilities': capabilities,
  }
  const named = params['name'] ?? params['uri'] ?? params['taskId']
  const modern = {
    'mcp-method': method,
    ...(typeof named === 'string' ? { 'mcp-name': named } : {}),
  }
  const notification = method.startsWith('notifications/')
  return {
    method: 'POST',
    headers: {
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': VERSION[era],
      ...(era === 'modern' ? modern : {}),
      ...headers,
    },
    body: {
      jsonrpc: '2.0',
      ...(notification ? {} : { id: 1 }),
      method,
      params: era === 'modern' ? { ...params, _meta: meta } : params,
    },
  }
}

import { Agent, fetch, type Response } from 'undici'
import type { JsonObject } from '../../../src/core/json.ts'
import type { WireMessage } from '../wire-client.ts'
import type { WitnessEra } from './witness.ts'

/** A request that is open: what came for it, and how it ends. */
export interface OpenCall {
  readonly heard: readonly WireMessage[]
  /** The answer, or undefined when the stream ended without one. */
  readonly ended: Promise<WireMessage | undefined>
  /** Closes the connection. */
  close(): void
}

export const CAPABILITIES: JsonObject = { elicitation: { form: {} } }

/** A client of either era whose ids, tokens and headers are the test's. */
export class CellClient {
  readonly #url: string
  readonly #token: string
  readonly #era: WitnessEra
  readonly #capabilities: JsonObject
  readonly #agent = new Agent({ keepAliveTimeout: 1_000 })
  #session: string | undefined

  constructor(
    url: string,
    who: { readonly token: string; readonly era: WitnessEra; readonly capabilities?: JsonObject },
  ) {
    this.#capabilities = who.capabilities ?? CAPABILITIES
    this.#url = url
    this.#token = who.token
    this.#era = who.era
  }

  async begin(): Promise<void> {
    if (this.#era === 'modern') return
    const clientInfo = { name: 'cell', version: '1' }
    const params = { protocolVersion: '2025-11-25', capabilities: this.#capabilities, clientInfo }
    await this.start(0, 'initialize', params).ended
    await this.tell('notifications/initialized', {})
  }

  call(
    id: string | number,
    name: string,
    given: { readonly args?: JsonObject; readonly meta?: JsonObject; readonly headers?: Headers } = {},
  ): OpenCall {
    const { args = {}, meta, headers } = given
    return this.start(id, 'tools/call', { name, arguments: args, ...(meta && { _meta: meta }) }, headers)
  }

  start(id: string | number, method: string, params: JsonObject, headers: Headers = {}): OpenCall {
    const heard: WireMessage[] = []
    const stop = new AbortController()
    const modern = this.#era === 'modern'
    const meta = params['_meta'] as JsonObject | undefined
    const full = modern ? { ...params, _meta: { ...this.#envelope(), ...meta } } : params
    const named = typeof params['name'] === 'string' ? { 'mcp-name': params['name'] } : {}
    const mirrored = modern ? { 'mcp-method': method, ...named } : {}
    const message = { jsonrpc: '2.0', id, method, params: full }
    const sent = this.#post(message, { ...mirrored, ...headers }, stop.signal)
    const ended = sent
      .then((response) => read(response, heard))
      .then(
        () => heard.find((said) => said.method === undefined),
        () => undefined,
      )
    return {
      heard,
      ended,
      close: () => {
        stop.abort()
      },
    }
  }

  async tell(method: string, params: JsonObject): Promise<void> {
    await (await this.#post({ jsonrpc: '2.0', method, params }, {})).body?.cancel()
  }

  async reply(id: string | number, result: JsonObject): Promise<void> {
    await (await this.#post({ jsonrpc: '2.0', id, result }, {})).body?.cancel()
  }

  async end(): Promise<void> {
    await this.#agent.destroy()
  }

  #envelope(): JsonObject {
    return {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientCapabilities': this.#capabilities,
    }
  }

  async #post(message: JsonObject, headers: Headers, signal?: AbortSignal): Promise<Response> {
    const response = await fetch(this.#url, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${this.#token}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        'mcp-protocol-version': this.#era === 'modern' ? '2026-07-28' : '2025-11-25',
        ...(this.#session === undefined ? {} : { 'mcp-session-id': this.#session }),
        ...headers,
      },
      body: JSON.stringify(message),
      dispatcher: this.#agent,
      ...(signal === undefined ? {} : { signal }),
    })
    this.#session ??= response.headers.get('mcp-session-id') ?? undefined
    return response
  }
}

type Headers = Readonly<Record<string, string>>

async function read(response: Response, heard: WireMessage[]): Promise<void> {
  const events = response.headers.get('content-type')?.startsWith('text/event-stream') === true
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of response.body ?? []) {
    rest += decoder.decode(chunk, { stream: true })
    if (!events) continue
    const whole = rest.split('\n\n')
    rest = whole.pop() ?? ''
    for (const event of whole) {
      const data = /^data: (.*)$/m.exec(event)?.[1]
      if (data !== undefined) heard.push(JSON.parse(data) as WireMessage)
    }
  }
  if (!events && rest !== '') heard.push(JSON.parse(rest) as WireMessage)
}

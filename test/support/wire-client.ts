import { Agent, fetch, type Response } from 'undici'
import type { JsonObject } from '../../src/core/json.ts'

export interface WireMessage {
  readonly id?: string | number | null
  readonly method?: string
  readonly params?: JsonObject
  readonly result?: JsonObject
  readonly error?: { readonly code: number; readonly message: string }
}

const FORM = { elicitation: { form: {} } }
const META = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': FORM,
  'io.modelcontextprotocol/logLevel': 'debug',
}

/**
 * A client of either era without an SDK, which keeps every byte that it is ever sent and answers what it is asked with
 * its own marker.
 */
export class WireClient {
  /** Everything that was ever sent to it, headers left out. */
  heard = ''
  sessionId: string | undefined
  readonly #url: string
  readonly #token: string
  readonly #era: 'modern' | 'legacy'
  readonly #marker: string
  readonly #stop = new AbortController()
  readonly #agent = new Agent({ keepAliveTimeout: 1_000 })

  constructor(url: string, who: { token: string; era: 'modern' | 'legacy'; marker: string }) {
    this.#url = url
    this.#token = who.token
    this.#era = who.era
    this.#marker = who.marker
  }

  /** Begins a session, or the stream that takes its place, and listens to `uris`. */
  async begin(uris: readonly string[], ended: () => void = () => {}): Promise<void> {
    if (this.#era === 'modern') {
      const all = { toolsListChanged: true, promptsListChanged: true, resourcesListChanged: true }
      const notifications = { ...all, resourceSubscriptions: uris }
      const acknowledged = Promise.withResolvers<void>()
      void this.#send(
        { id: 'listen', method: 'subscriptions/listen', params: { notifications } },
        (message) => {
          if (message.method === 'notifications/subscriptions/acknowledged') acknowledged.resolve()
        },
      )
        .catch(() => {})
        .finally(ended)
      return acknowledged.promise
    }
    const params = {
      protocolVersion: '2025-11-25',
      capabilities: FORM,
      clientInfo: { name: 'wire', version: '1' },
    }
    await this.request('initialize', params)
    await this.post({ jsonrpc: '2.0', method: 'notifications/initialized' })
    const { signal } = this.#stop
    const stream = await fetch(this.#url, { headers: this.headers(), signal, dispatcher: this.#agent })
    void this.#read(stream, () => {})
      .catch(() => {})
      .finally(ended)
    for (const uri of uris) await this.request('resources/subscribe', { uri })
  }

  /** A call to its end, answering every question with the marker. Its id is the same for all clients, on purpose. */
  async call(name: string, id: number | string, extra: JsonObject = {}): Promise<WireMessage> {
    const args = { marker: this.#marker }
    const params = { name, arguments: args, _meta: { progressToken: id }, ...extra }
    const answer = await this.request('tools/call', params, id)
    if (answer.result?.['resultType'] !== 'input_required') return answer
    return this.call(name, id, this.answers(answer.result))
  }

  /** What a client of 2026-07-28 sends back for `input_required`. */
  answers({ inputRequests, requestState }: JsonObject): JsonObject {
    const keys = Object.keys(inputRequests as JsonObject)
    return {
      inputResponses: Object.fromEntries(keys.map((key) => [key, this.#accept()])),
      ...(requestState === undefined ? {} : { requestState }),
    }
  }

  async request(method: string, params: JsonObject, id: number | string = 1): Promise<WireMessage> {
    const found = Promise.withResolvers<WireMessage>()
    await this.#send({ id, method, params }, (message) => {
      if (message.id === id && message.method === undefined) found.resolve(message)
      else if (message.method !== undefined && message.id !== undefined) {
        void this.post({ jsonrpc: '2.0', id: message.id, result: this.#accept() })
      }
    })
    found.resolve({ id: null })
    return found.promise
  }

  async post(message: JsonObject, headers: Record<string, string> = {}): Promise<Response> {
    const response = await fetch(this.#url, {
      method: 'POST',
      headers: { ...this.headers(), 'content-type': 'application/json', ...headers },
      body: JSON.stringify(message),
      signal: this.#stop.signal,
      dispatcher: this.#agent,
    })
    this.sessionId ??= response.headers.get('mcp-session-id') ?? undefined
    return response
  }

  headers(): Record<string, string> {
    return {
      authorization: `Bearer ${this.#token}`,
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': this.#era === 'modern' ? '2026-07-28' : '2025-11-25',
      ...(this.sessionId === undefined ? {} : { 'mcp-session-id': this.sessionId }),
    }
  }

  /** Ends the session properly. */
  async end(): Promise<void> {
    const { signal } = this.#stop
    await fetch(this.#url, { method: 'DELETE', headers: this.headers(), signal, dispatcher: this.#agent })
  }

  /** Goes without a word, in the middle of whatever is open. */
  async drop(): Promise<void> {
    this.#stop.abort()
    await this.#agent.destroy()
  }

  #accept(): JsonObject {
    return { action: 'accept', content: { colour: this.#marker } }
  }

  async #send(
    { id, method, params }: { id: number | string; method: string; params: JsonObject },
    each: (message: WireMessage) => void,
  ): Promise<void> {
    const modern = this.#era === 'modern'
    const { name } = params
    const full = modern
      ? { ...params, _meta: { ...META, ...(params['_meta'] as JsonObject | undefined) } }
      : params
    const named: Record<string, string> = typeof name === 'string' ? { 'mcp-name': name } : {}
    const response = await this.post(
      { jsonrpc: '2.0', id, method, params: full },
      modern ? { 'mcp-method': method, ...named } : {},
    )
    await this.#read(response, each)
  }

  async #read(response: Response, each: (message: WireMessage) => void): Promise<void> {
    const events = response.headers.get('content-type')?.startsWith('text/event-stream') === true
    const decoder = new TextDecoder()
    let rest = ''
    for await (const chunk of response.body ?? []) {
      const text = decoder.decode(chunk, { stream: true })
      this.heard += text
      rest += text
      if (!events) continue
      const whole = rest.split('\n\n')
      rest = whole.pop() ?? ''
      for (const event of whole) {
        const data = /^data: (.*)$/m.exec(event)?.[1]
        if (data !== undefined) each(JSON.parse(data) as WireMessage)
      }
    }
    if (!events && rest !== '') each(JSON.parse(rest) as WireMessage)
  }
}

import type { ServerKey } from '../../src/core/ids.ts'
import type { JsonObject } from '../../src/core/json.ts'
import type {
  Era,
  Upstream,
  UpstreamConfig,
  UpstreamRequest,
  UpstreamSession,
} from '../../src/mcp/upstream.ts'

export type Script = (request: UpstreamRequest) => Promise<JsonObject>

/** An upstream that answers by script, for what no real server does on demand: asking back, changing, lying. */
export class ScriptedUpstream implements Upstream {
  readonly config: UpstreamConfig
  readonly health = { state: 'up', restarts: 0 } as const
  readonly requests: UpstreamRequest[] = []
  tools: readonly JsonObject[] = [{ name: 'ask', inputSchema: { type: 'object' } }]
  /** What it says of keeping its list of tools, and how often it was asked for that. */
  keeping: JsonObject = {}
  lists = 0
  script: Script = () => Promise.resolve({ content: [] })
  capabilities: JsonObject = { tools: {}, resources: { subscribe: true } }
  readonly #era: Era
  readonly #listeners = new Set<(method: string, params: JsonObject) => void>()
  #session: UpstreamSession & { closed: boolean; begun: number }

  constructor(key: string, era: Era, session: UpstreamConfig['session'] = 'task') {
    this.#era = era
    this.config = {
      key: key as ServerKey,
      transport: { kind: 'http', url: 'http://127.0.0.1:9', headers: {} },
      era,
      session,
      timeout: 1_000,
    }
    this.#session = this.#begin()
  }

  #begin(): UpstreamSession & { closed: boolean; begun: number } {
    return {
      info: this.#info(),
      closed: false,
      begun: 1,
      request: (request) => this.#answer(request),
      notify: () => Promise.resolve(),
      onNotification: (listener) => {
        this.#listeners.add(listener)
        return () => this.#listeners.delete(listener)
      },
      close: () => Promise.resolve(),
    }
  }

  /** The capabilities are read when they are asked for, so that a test can set them. */
  #info(): UpstreamSession['info'] {
    const capabilities = (): JsonObject => this.capabilities
    return {
      era: this.#era,
      protocolVersion: '',
      get capabilities() {
        return capabilities()
      },
      serverInfo: {},
    }
  }

  session(): Promise<UpstreamSession> {
    return Promise.resolve(this.#session)
  }

  close(): Promise<void> {
    return Promise.resolve()
  }

  /** The session ends, and the next one is another. What the old one says nobody hears. */
  renew(): void {
    this.#session.closed = true
    this.#listeners.clear()
    this.#session = this.#begin()
  }

  /** The server forgot the session, and knows it anew. */
  forget(): void {
    this.#session.begun += 1
  }

  /** The server says something unasked. */
  say(method: string, params: JsonObject = {}): void {
    for (const listener of this.#listeners) listener(method, params)
  }

  #answer(request: UpstreamRequest): Promise<JsonObject> {
    if (request.method === 'tools/list') {
      this.lists += 1
      return Promise.resolve({ tools: this.tools, ...this.keeping })
    }
    this.requests.push(request)
    return this.script(request)
  }
}

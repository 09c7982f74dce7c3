import { RemitError } from '../core/errors.ts'
import type { JsonObject } from '../core/json.ts'
import { lowerCased, type HeaderMap, type HttpEndpoint } from './upstream-endpoint.ts'
import type { MappedToken } from './upstream-call.ts'
import { legacyParams, mapProgressToken, type ClientInfo } from './upstream-envelope.ts'
import { SessionGone, startHttpCall, type HttpCallPlan } from './upstream-http-call.ts'
import { ServerStream } from './upstream-http-stream.ts'
import { initializeParams, readInitialize } from './upstream-initialize.ts'
import { OpenCalls } from './upstream-open-calls.ts'
import type { UpstreamInfo, UpstreamRequest, UpstreamSession } from './upstream.ts'

export interface LegacyHttpOptions {
  readonly endpoint: HttpEndpoint
  readonly client: ClientInfo
  readonly timeout: number
  readonly clientCapabilities: JsonObject
  /** True = the session serves more than one owner. */
  readonly shared: boolean
}

/** Milliseconds. */
const BEGIN_TIMEOUT = 30_000
const UNKNOWN: UpstreamInfo = { era: 'legacy', protocolVersion: '', capabilities: {}, serverInfo: {} }

/** A server of the initialize era over HTTP (2025-11-25, Streamable HTTP, session management). */
export class LegacyHttpSession implements UpstreamSession {
  info: UpstreamInfo = UNKNOWN
  readonly #options: LegacyHttpOptions
  readonly #calls: OpenCalls
  readonly #stream: ServerStream
  #sessionId: string | undefined
  #renewing: Promise<void> | undefined
  #nextId = 1
  #begun = 0
  #closed = false

  private constructor(options: LegacyHttpOptions) {
    this.#options = options
    this.#calls = new OpenCalls(options.shared)
    this.#stream = new ServerStream(options.endpoint, {
      headers: () => this.#headers(),
      forgotten: () => {
        // Who only listens sends no request that would find it out.
        this.#renew(this.#sessionId).catch(() => {})
      },
      message: (message) => {
        if (this.#calls.route(message) || message.kind !== 'request') return
        const { id, method } = message
        void this.#post(
          method === 'ping'
            ? { jsonrpc: '2.0', id, result: {} }
            : {
                jsonrpc: '2.0',
                id,
                error: { code: -32601, message: 'nobody can be asked outside of a request' },
              },
        )
      },
    })
  }

  /** @throws RemitError `upstream_*`, UpstreamRpcError: the server does not speak this era. */
  static async open(options: LegacyHttpOptions): Promise<LegacyHttpSession> {
    const session = new LegacyHttpSession(options)
    await session.#initialize()
    return session
  }

  get closed(): boolean {
    return this.#closed
  }

  get begun(): number {
    return this.#begun
  }

  async request(request: UpstreamRequest): Promise<JsonObject> {
    if (this.#closed) throw new RemitError('upstream_unavailable', 'the session was closed; nothing was sent')
    if (this.#renewing !== undefined) await this.#renewing
    const sessionId = this.#sessionId
    try {
      return await this.#call(request)
    } catch (error) {
      if (!(error instanceof SessionGone)) throw error
    }
    // The 404 proves that the server did not look at the request, so it may be sent once more.
    await this.#renew(sessionId)
    try {
      return await this.#call(request)
    } catch (error) {
      if (!(error instanceof SessionGone)) throw error
      this.#closed = true
      throw new RemitError('upstream_unavailable', 'the server forgets its sessions at once; nothing was run')
    }
  }

  notify(method: string, params: JsonObject): Promise<void> {
    return this.#post({ jsonrpc: '2.0', method, params: legacyParams(params) })
  }

  onNotification(listener: (method: string, params: JsonObject) => void): () => void {
    return this.#calls.listen(listener)
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#stream.close()
    const lost = new RemitError('upstream_lost', 'the session was closed while the request was open')
    this.#calls.failAll(() => lost)
    if (this.#sessionId !== undefined) await this.#options.endpoint.remove(this.#headers())
  }

  #call(request: UpstreamRequest): Promise<JsonObject> {
    const id = this.#nextId
    this.#nextId += 1
    const { params, token } = mapProgressToken(legacyParams(request.params), id)
    return this.#start({ id, request, params, token })
  }

  #start(
    call: { id: number; request: UpstreamRequest; params: JsonObject; token?: MappedToken | undefined },
    onHeaders?: HttpCallPlan['onHeaders'],
  ): Promise<JsonObject> {
    const { id, request, params, token } = call
    const own = this.#headers()
    const plan: HttpCallPlan = {
      endpoint: this.#options.endpoint,
      id,
      request,
      token,
      timeout: this.#timeoutOf(request.method),
      body: JSON.stringify({ jsonrpc: '2.0', id, method: request.method, params }),
      headers: request.headers === undefined ? own : { ...lowerCased(request.headers), ...own },
      session: {
        cancel: (requestId, reason) => {
          // The specification forbids to cancel initialize.
          if (request.method === 'initialize') return
          void this.#post({
            jsonrpc: '2.0',
            method: 'notifications/cancelled',
            params: { requestId, reason },
          })
        },
        reply: (message) => {
          void this.#post(message)
        },
        resumeHeaders: (lastEventId) => ({ ...this.#headers(), 'last-event-id': lastEventId }),
        isGone: (status) => status === 404 && own['mcp-session-id'] !== undefined,
      },
      ...(onHeaders === undefined ? {} : { onHeaders }),
    }
    return startHttpCall(plan, (open) => {
      this.#calls.add(open)
      return () => {
        this.#calls.delete(open)
      }
    })
  }

  async #initialize(): Promise<void> {
    this.#sessionId = undefined
    let sessionId: string | undefined
    const request: UpstreamRequest = {
      method: 'initialize',
      params: initializeParams(this.#options.client, this.#options.clientCapabilities),
      signal: NEVER,
      clientCapabilities: {},
    }
    const id = this.#nextId
    this.#nextId += 1
    this.info = UNKNOWN
    const result = await this.#start({ id, request, params: request.params }, (headers) => {
      const value = headers['mcp-session-id']
      if (typeof value === 'string') sessionId = value
    })
    this.info = readInitialize(result)
    this.#sessionId = sessionId
    this.#begun += 1
    await this.#post({ jsonrpc: '2.0', method: 'notifications/initialized' })
    await this.#stream.open()
  }

  /** One new session for all requests that found the old one gone. */
  async #renew(gone: string | undefined): Promise<void> {
    if (this.#renewing === undefined && this.#sessionId !== gone) return
    this.#renewing ??= this.#initialize().finally(() => {
      this.#renewing = undefined
    })
    await this.#renewing
  }

  #headers(): HeaderMap {
    return {
      ...(this.info.protocolVersion === '' ? {} : { 'mcp-protocol-version': this.info.protocolVersion }),
      ...(this.#sessionId === undefined ? {} : { 'mcp-session-id': this.#sessionId }),
    }
  }

  /** A session that does not begin holds up all that wait for it. */
  #timeoutOf(method: string): number {
    const { timeout } = this.#options
    return method === 'initialize' ? Math.min(timeout, BEGIN_TIMEOUT) : timeout
  }

  /** A message that has no answer. What becomes of it is not asked: the call that it belongs to shows it. */
  #post(message: JsonObject): Promise<void> {
    return this.#options.endpoint.tell(JSON.stringify(message), this.#headers())
  }
}

const NEVER = new AbortController().signal

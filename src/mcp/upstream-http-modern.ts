import { randomBytes } from 'node:crypto'
import { RemitError } from '../core/errors.ts'
import type { JsonObject } from '../core/json.ts'
import { lowerCased, type HttpEndpoint } from './upstream-endpoint.ts'
import {
  headerText,
  mapProgressToken,
  mirroredName,
  modernParams,
  MODERN_VERSION,
  type ClientInfo,
} from './upstream-envelope.ts'
import { startHttpCall } from './upstream-http-call.ts'
import { Listener } from './upstream-listen.ts'
import { OpenCalls } from './upstream-open-calls.ts'
import type { UpstreamInfo, UpstreamRequest, UpstreamSession } from './upstream.ts'

/** A 2026-07-28 server over HTTP: no session on the wire, every request stands alone. */
export class ModernHttpSession implements UpstreamSession {
  readonly info: UpstreamInfo
  readonly #endpoint: HttpEndpoint
  readonly #client: ClientInfo
  readonly #timeout: number
  readonly #calls: OpenCalls
  readonly #listener: Listener
  /** No session tells this conversation's progress tokens from those of others, or of other gateways. */
  readonly #prefix = randomBytes(9).toString('base64url')
  #nextId = 1
  #closed = false

  constructor(options: { info: UpstreamInfo; endpoint: HttpEndpoint; client: ClientInfo; timeout: number }) {
    this.info = options.info
    this.#endpoint = options.endpoint
    this.#client = options.client
    this.#timeout = options.timeout
    this.#calls = new OpenCalls(false)
    this.#listener = new Listener(this, (method, params) => {
      this.#calls.tell(method, params)
    })
  }

  get closed(): boolean {
    return this.#closed
  }

  get begun(): number {
    return this.#listener.begun
  }

  request(request: UpstreamRequest): Promise<JsonObject> {
    return this.#listener.subscription(request) ?? this.#send(request)
  }

  #send(request: UpstreamRequest): Promise<JsonObject> {
    const id = this.#nextId
    this.#nextId += 1
    const { params, token } = mapProgressToken(request.params, `${this.#prefix}-${String(id)}`)
    const mapped = token === undefined ? request : { ...request, params }
    const { timeout, plan } = planModernCall(mapped, { id, client: this.#client, timeout: this.#timeout })
    return startHttpCall({ ...plan, endpoint: this.#endpoint, id, request, token, timeout }, (call) => {
      this.#calls.add(call)
      return () => {
        this.#calls.delete(call)
      }
    })
  }

  async notify(method: string, params: JsonObject): Promise<void> {
    const full = modernParams({ params, clientCapabilities: {} }, this.#client)
    const body = JSON.stringify({ jsonrpc: '2.0', method, params: full })
    await this.#endpoint.tell(body, modernHeaders(method, params))
  }

  onNotification(listener: (method: string, params: JsonObject) => void): () => void {
    this.#listener.start()
    return this.#calls.listen(listener)
  }

  close(): Promise<void> {
    this.#closed = true
    this.#listener.stop()
    this.#calls.failAll(
      () => new RemitError('upstream_lost', 'the session was closed while the request was open'),
    )
    return Promise.resolve()
  }
}

/** Body and headers of a request to a 2026-07-28 server; a subscription stays open as long as it is wanted. */
export function planModernCall(
  request: UpstreamRequest,
  options: { id: number; client: ClientInfo; timeout: number },
): { timeout: number; plan: { body: string; headers: Record<string, string> } } {
  const { method } = request
  const params = modernParams(request, options.client)
  const body = JSON.stringify({ jsonrpc: '2.0', id: options.id, method, params })
  const headers = modernHeaders(method, params)
  return {
    timeout: method === 'subscriptions/listen' ? 0 : options.timeout,
    plan: {
      body,
      headers: request.headers === undefined ? headers : { ...lowerCased(request.headers), ...headers },
    },
  }
}

function modernHeaders(method: string, params: JsonObject): Record<string, string> {
  const headers: Record<string, string> = { 'mcp-protocol-version': MODERN_VERSION, 'mcp-method': method }
  const name = mirroredName(method, params)
  if (name !== undefined) headers['mcp-name'] = headerText(name)
  return headers
}

import { RemitError } from '../core/errors.ts'
import type { JsonObject } from '../core/json.ts'
import type { RequestId } from './json-rpc.ts'
import { wholeResult } from './large-response.ts'
import { checkResult, rpcErrorOf, type UpstreamMessage } from './upstream-message.ts'
import { UpstreamRpcError, type UpstreamRequest } from './upstream.ts'

/** A progress token as the caller gave it and as the server knows it. */
export interface MappedToken {
  readonly own: string | number
  readonly sent: string | number
}

/** What a call needs of the conversation that it is part of. */
export interface CallPort {
  /** Milliseconds without progress; 0 = as long as it takes. */
  readonly timeout: number
  /** Tells the server that nobody waits any more. */
  cancel(call: UpstreamCall, reason: string): void
  /** Sends the answer to a request of the server. */
  reply(message: JsonObject): void
  settled(call: UpstreamCall): void
}

/** One request that waits for its answer: time-out, progress, cancellation, the server's own requests. */
export class UpstreamCall {
  readonly id: number
  readonly request: UpstreamRequest
  readonly promise: Promise<JsonObject>
  readonly #port: CallPort
  readonly #resolve: (result: JsonObject) => void
  readonly #reject: (error: unknown) => void
  readonly #token: MappedToken | undefined
  #timer: NodeJS.Timeout | undefined
  #open = true
  /** Requests of the server that are with the client: a human may be reading, so the clock stands still. */
  readonly #asked = new Map<unknown, AbortController>()

  constructor(options: {
    id: number
    request: UpstreamRequest
    token?: MappedToken | undefined
    port: CallPort
  }) {
    this.id = options.id
    this.request = options.request
    this.#token = options.token
    this.#port = options.port
    const { promise, resolve, reject } = Promise.withResolvers<JsonObject>()
    this.promise = promise
    this.#resolve = resolve
    this.#reject = reject
    this.#startTimer()
    this.request.signal.addEventListener('abort', this.#onAbort, { once: true })
  }

  get open(): boolean {
    return this.#open
  }

  /** Whether a request of the server with this id waits for the client of this call. */
  asks(id: unknown): boolean {
    return this.#asked.has(id)
  }

  /** A message that belongs to this call. */
  receive(message: UpstreamMessage): void {
    if (!this.#open) return
    switch (message.kind) {
      case 'response':
        this.#answer(message)
        return
      case 'unaddressed':
        this.fail(message.error)
        return
      case 'notification':
        this.#notified(message.method, message.params)
        return
      case 'request':
        void this.#ask(message)
    }
  }

  fail(error: unknown): void {
    if (this.#settle()) this.#reject(error)
  }

  #answer(message: Extract<UpstreamMessage, { kind: 'response' }>): void {
    if (message.error !== undefined) {
      this.fail(rpcErrorOf(message.error))
      return
    }
    try {
      const given = message.result ?? {}
      const whole = this.request.takesLarge === true ? given : wholeResult(given)
      const result = checkResult(whole, this.request.clientCapabilities)
      if (this.#settle()) this.#resolve(result)
    } catch (error) {
      this.fail(error)
    }
  }

  #notified(method: string, params: JsonObject): void {
    if (method === 'notifications/progress') {
      // A stream may carry what is about another call, or what a server made up.
      const token = this.#token
      if (token === undefined || params['progressToken'] !== token.sent) return
      if (this.#asked.size === 0) this.#timer?.refresh()
      this.request.onNotification?.(method, { ...params, progressToken: token.own })
      return
    }
    if (method === 'notifications/cancelled') this.#asked.get(params['requestId'])?.abort()
    else this.request.onNotification?.(method, params)
  }

  async #ask(message: { id: RequestId; method: string; params: JsonObject }): Promise<void> {
    const withdrawn = new AbortController()
    this.#asked.set(message.id, withdrawn)
    clearTimeout(this.#timer)
    const answer = await answerServerRequest(this.request, message, withdrawn.signal)
    this.#asked.delete(message.id)
    if (!this.#open) return
    if (this.#asked.size === 0) this.#startTimer()
    if (!withdrawn.signal.aborted) this.#port.reply(answer)
  }

  #startTimer(): void {
    if (this.#port.timeout > 0) this.#timer = setTimeout(this.#onTimeout, this.#port.timeout)
  }

  readonly #onTimeout = (): void => {
    if (!this.#settle()) return
    this.#port.cancel(this, 'timed out')
    const seconds = Math.ceil(this.#port.timeout / 1000)
    this.#reject(
      new RemitError(
        'upstream_timeout',
        `the server did not answer in ${seconds} s; whether it acted is unknown`,
      ),
    )
  }

  readonly #onAbort = (): void => {
    if (!this.#settle()) return
    this.#port.cancel(this, 'cancelled by the client')
    this.#reject(this.request.signal.reason)
  }

  #settle(): boolean {
    if (!this.#open) return false
    this.#open = false
    clearTimeout(this.#timer)
    this.request.signal.removeEventListener('abort', this.#onAbort)
    this.#port.settled(this)
    return true
  }
}

/** The JSON-RPC response to a request of the server; whatever fails becomes an error response. */
async function answerServerRequest(
  request: UpstreamRequest,
  message: { id: RequestId; method: string; params: JsonObject },
  withdrawn: AbortSignal,
): Promise<JsonObject> {
  const { id, method, params } = message
  if (method === 'ping') return { jsonrpc: '2.0', id, result: {} }
  try {
    if (request.onServerRequest === undefined) {
      throw new UpstreamRpcError(-32601, 'the client of this request cannot be asked')
    }
    return { jsonrpc: '2.0', id, result: await request.onServerRequest(method, params, withdrawn) }
  } catch (error) {
    const known = error instanceof UpstreamRpcError
    const code = known ? error.rpcCode : -32603
    return {
      jsonrpc: '2.0',
      id,
      error: { code, message: known ? error.message : 'the client could not answer' },
    }
  }
}

import type { HeaderMap, HttpEndpoint } from './upstream-endpoint.ts'
import type { HttpExchange } from './upstream-exchange.ts'
import type { UpstreamMessage } from './upstream-message.ts'

export interface ServerStreamPort {
  headers(): HeaderMap
  message(message: UpstreamMessage): void
  /** A stream that had been open is unknown to the server now: it forgot the session. */
  forgotten(): void
}

const FIRST_DELAY = 1_000
const MAX_DELAY = 60_000
/** Milliseconds for which a new session waits for its stream. */
const PATIENCE = 100

/** The GET stream on which a server of the initialize era speaks unasked; taken up again when it breaks. */
export class ServerStream {
  readonly #endpoint: HttpEndpoint
  readonly #port: ServerStreamPort
  #exchange: HttpExchange | undefined
  #timer: NodeJS.Timeout | undefined
  #delay = FIRST_DELAY
  #lastId: string | undefined
  /** The server has such a stream: one that never had it says 404 of each. */
  #wasOpen = false

  constructor(endpoint: HttpEndpoint, port: ServerStreamPort) {
    this.#endpoint = endpoint
    this.#port = port
  }

  /**
   * Opens it anew, without what an earlier session had sent. Resolves when the server has answered, or soon:
   * servers drop what they send while no stream is open, and some answer only with their first message.
   */
  async open(): Promise<void> {
    this.close()
    this.#lastId = undefined
    this.#wasOpen = false
    this.#delay = FIRST_DELAY
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#connect(resolve)
    const timer = setTimeout(resolve, PATIENCE)
    await promise
    clearTimeout(timer)
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#exchange?.abort()
    this.#exchange = undefined
  }

  #connect(answered?: () => void): void {
    const headers = this.#port.headers()
    const all = this.#lastId === undefined ? headers : { ...headers, 'last-event-id': this.#lastId }
    this.#exchange = this.#endpoint.stream(all, {
      headers: (_headers, status) => {
        this.#wasOpen ||= status === 200
        answered?.()
      },
      message: (message) => {
        this.#delay = FIRST_DELAY
        this.#port.message(message)
      },
      end: (exchange) => {
        // 405 = the server has no such stream; 404, or what frameworks say instead, 400 = the session is gone.
        if (exchange.refusal === undefined || exchange.status >= 500) this.#again(exchange)
        else if ([400, 404].includes(exchange.status) && this.#wasOpen) this.#port.forgotten()
      },
      failed: (_error, exchange) => {
        answered?.()
        this.#again(exchange)
      },
    })
  }

  #again(exchange: HttpExchange): void {
    this.#lastId = exchange.sse?.lastId ?? this.#lastId
    this.#timer = setTimeout(
      () => {
        this.#connect()
      },
      Math.min(exchange.sse?.retry ?? this.#delay, MAX_DELAY),
    )
    this.#timer.unref()
    this.#delay = Math.min(this.#delay * 2, MAX_DELAY)
  }
}

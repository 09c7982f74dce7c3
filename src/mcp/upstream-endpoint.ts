import type { Pool } from 'undici'
import { createSafePool, type OutboundGuard } from '../net/safe-dispatcher.ts'
import type { LargeMessages } from './large-messages.ts'
import type { TokenHolder } from './refused-token.ts'
import { HttpExchange, type ExchangeEvents } from './upstream-exchange.ts'

/** Milliseconds that a message without an answer may take. */
const TELL_WAIT = 2_000

export type HeaderMap = Readonly<Record<string, string>>

export interface EndpointOptions extends OutboundGuard {
  readonly url: string
  /** Headers of every request, such as static credentials. */
  readonly headers: HeaderMap
  readonly large?: LargeMessages | undefined
}

/** The one URL of a Streamable HTTP server. */
export class HttpEndpoint {
  readonly #calls: Pool
  /** Streams that stay open have connections of their own, so that no number of them holds up a call. */
  readonly #streams: Pool
  readonly #path: string
  readonly #large: LargeMessages | undefined
  readonly #options: EndpointOptions
  readonly #headers: () => HeaderMap
  /** As whom it is reached; undefined = as the gateway. */
  readonly holder: TokenHolder | undefined

  constructor(
    options: EndpointOptions,
    view?: { readonly of: HttpEndpoint; readonly headers: () => HeaderMap; readonly holder?: TokenHolder },
  ) {
    const url = new URL(options.url)
    this.holder = view?.holder
    this.#path = `${url.pathname}${url.search}`
    this.#options = options
    this.#large = options.large
    const headers = lowerCased(options.headers)
    if (view === undefined) {
      this.#calls = createSafePool(url, options)
      this.#streams = createSafePool(url, { ...options, connections: 4096 })
      this.#headers = () => headers
    } else {
      this.#calls = view.of.#calls
      this.#streams = view.of.#streams
      this.#headers = () => ({ ...headers, ...lowerCased(view.headers()) })
    }
  }

  /** The same connections with more headers, asked for with each request. */
  bearing(headers: () => HeaderMap): HttpEndpoint {
    return new HttpEndpoint(this.#options, { of: this, headers })
  }

  /** The same connections as a human. */
  bearingTokenOf(holder: TokenHolder): HttpEndpoint {
    return new HttpEndpoint(this.#options, { of: this, headers: () => holder.headers(), holder })
  }

  /** One message; the answer is told to `events`. */
  post(body: string, headers: HeaderMap, events: ExchangeEvents): HttpExchange {
    const exchange = new HttpExchange(events, this.#large)
    this.#calls.dispatch(
      {
        path: this.#path,
        method: 'POST',
        body,
        headers: {
          ...this.#headers(),
          ...headers,
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
        },
      },
      exchange,
    )
    return exchange
  }

  /** The stream of a session (initialize era), from the event after `lastEventId` on. */
  stream(headers: HeaderMap, events: ExchangeEvents): HttpExchange {
    const exchange = new HttpExchange(events, this.#large)
    const all = { ...this.#headers(), ...headers, accept: 'text/event-stream' }
    this.#streams.dispatch({ path: this.#path, method: 'GET', headers: all }, exchange)
    return exchange
  }

  /** A message that has no answer. Resolves when the server has taken it, in whatever way, or will not in time. */
  tell(body: string, headers: HeaderMap): Promise<void> {
    return taken((events) => this.post(body, headers, events))
  }

  /** Ends a session (initialize era). Resolves when the server has answered in whatever way. */
  remove(headers: HeaderMap): Promise<void> {
    return taken((events) => {
      const exchange = new HttpExchange(events)
      const all = { ...this.#headers(), ...headers }
      this.#calls.dispatch({ path: this.#path, method: 'DELETE', headers: all }, exchange)
      return exchange
    })
  }

  async close(): Promise<void> {
    await Promise.all([this.#calls.destroy(), this.#streams.destroy()])
  }
}

/** A server that accepts and never answers must not keep whoever only had to tell it something. */
function taken(send: (events: ExchangeEvents) => HttpExchange): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      resolve()
    }
    const timer = setTimeout(() => {
      exchange.abort()
      resolve()
    }, TELL_WAIT)
    const exchange = send({ message: () => {}, end: done, failed: done })
  })
}

export function lowerCased(headers: HeaderMap): HeaderMap {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}

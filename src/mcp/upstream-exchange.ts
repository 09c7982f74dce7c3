import type { IncomingHttpHeaders } from 'node:http'
import type { Dispatcher } from 'undici'
import { RemitError } from '../core/errors.ts'
import type { LargeMessages } from './large-messages.ts'
import { garbage, MAX_ANSWER, readUpstreamMessage, type UpstreamMessage } from './upstream-message.ts'
import { MessageReader } from './upstream-reader.ts'
import { SseParser } from './upstream-sse.ts'

/** What is told of one HTTP request: headers, messages as they come, then exactly one of `end` and `failed`. */
export interface ExchangeEvents {
  headers?(headers: IncomingHttpHeaders, status: number): void
  message(message: UpstreamMessage): void
  /** The whole answer was read. */
  end(exchange: HttpExchange): void
  /** `sent` = false: the server certainly saw nothing of it. */
  failed(error: Error, exchange: HttpExchange): void
}

/** What the server answered instead of messages. */
export interface Refusal {
  readonly status: number
  readonly message: UpstreamMessage | undefined
  readonly text: string
  /** Its `WWW-Authenticate`. */
  readonly challenge?: string
}

const MAX_REFUSAL = 64 * 1024

/**
 * One HTTP request and its answer, read straight from the dispatcher: JSON, or a stream of events. A malformed message
 * ends it.
 */
export class HttpExchange implements Dispatcher.DispatchHandler {
  readonly #events: ExchangeEvents
  readonly #reader: MessageReader
  #controller: Dispatcher.DispatchController | undefined
  #aborted: Error | undefined
  #done = false
  /** Nothing that comes now can be used. */
  #broken = false
  #chunks: Buffer[] = []
  #size = 0
  #challenge: string | undefined
  sent = false
  status = 0
  sse: SseParser | undefined
  refusal: Refusal | undefined

  constructor(events: ExchangeEvents, large?: LargeMessages) {
    this.#events = events
    this.#reader = new MessageReader(large, {
      // The first answer ends the call, or the call with it; what follows is read for a moment only.
      awaits: (message) => message.kind === 'response',
      message: (message) => {
        if (!this.#done) events.message(message)
      },
      unreadable: ({ error }) => {
        this.#fail(error)
      },
      pause: () => {
        if (this.sse !== undefined && !this.#done) this.#controller?.pause()
      },
      resume: () => {
        if (this.sse !== undefined && !this.#done) this.#controller?.resume()
      },
    })
  }

  /** Closes the connection under it; nothing more is told. */
  abort(): void {
    this.#done = true
    this.#aborted = new Error('aborted')
    this.#controller?.abort(this.#aborted)
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#aborted === undefined) this.sent = true
    else controller.abort(this.#aborted)
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHttpHeaders,
  ): void {
    if (status < 200) return
    this.status = status
    this.#challenge = headers['www-authenticate']
    this.#events.headers?.(headers, status)
    if (status >= 300) return
    const type = headers['content-type'] ?? ''
    if (type.startsWith('text/event-stream')) {
      this.sse = new SseParser(({ event, data }) => {
        // An event without data only names the place from which to go on.
        if ((event === undefined || event === 'message') && data.length > 0) this.#reader.read(data)
      }, MAX_ANSWER)
    } else if (status !== 202 && status !== 204 && !type.startsWith('application/json')) {
      this.#fail(garbage('its content type is neither JSON nor an event stream'))
    }
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#done || this.#broken) return
    if (this.sse !== undefined) {
      try {
        this.sse.push(chunk)
      } catch (error) {
        this.#broken = true
        this.#reader.after(() => {
          this.#fail(error as Error)
        })
      }
      return
    }
    this.#size += chunk.length
    if (this.status >= 300) {
      if (this.#size <= MAX_REFUSAL) this.#chunks.push(chunk)
    } else if (this.#size > MAX_ANSWER) this.#fail(garbage(`it is larger than ${MAX_ANSWER} bytes`))
    else this.#chunks.push(chunk)
  }

  onResponseEnd(): void {
    if (this.#done) return
    if (this.sse === undefined && this.status < 300 && this.#size > 0) this.#reader.read(this.#bytes())
    else if (this.status >= 300) this.refusal = this.#readRefusal()
    this.#reader.after(() => {
      if (this.#done) return
      this.#done = true
      this.#events.end(this)
    })
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#reader.after(() => {
      if (this.#done) return
      this.#done = true
      this.#events.failed(error, this)
    })
  }

  #fail(error: Error): void {
    if (this.#done) return
    this.#done = true
    this.#events.failed(error, this)
    this.#controller?.abort(error)
  }

  #readRefusal(): Refusal {
    const text = this.#bytes().toString('utf8')
    const challenge = this.#challenge === undefined ? {} : { challenge: this.#challenge }
    const said = { status: this.status, text, ...challenge }
    try {
      return { ...said, message: readUpstreamMessage(text) }
    } catch {
      return { ...said, message: undefined }
    }
  }

  #bytes(): Buffer {
    const only = this.#chunks[0]
    return this.#chunks.length === 1 && only !== undefined ? only : Buffer.concat(this.#chunks)
  }
}

/** What to throw when the connection failed under a request. */
export function connectionError(error: Error, sent: boolean): RemitError {
  if (error instanceof RemitError) return error
  if (sent) {
    return new RemitError(
      'upstream_lost',
      'the connection to the server broke; whether it acted is unknown',
      {
        cause: error,
        detail: error.message,
      },
    )
  }
  return new RemitError('upstream_unavailable', 'the server cannot be reached; nothing was sent', {
    cause: error,
    detail: error.message,
  })
}

/** What to throw when the server answered with a status instead of a result. */
export function refusalError(refusal: Refusal): Error {
  const { status, message } = refusal
  if (status < 500 && message?.kind === 'unaddressed') return message.error
  const detail = `status ${status}: ${refusal.text}`
  if (status >= 500) {
    return new RemitError(
      'upstream_lost',
      `the server failed with status ${status}; whether it acted is unknown`,
      {
        detail,
      },
    )
  }
  const hint = status < 400 ? 'it redirects; configure the URL that it redirects to' : HINTS[status]
  return new RemitError(
    'upstream_unavailable',
    `the server refused the request with status ${status}${hint === undefined ? '' : `: ${hint}`}`,
    { detail },
  )
}

const HINTS: Readonly<Record<number, string>> = {
  401: 'check its credentials',
  403: 'check what its credentials may do',
  404: 'check its URL',
  429: 'it is asked too often',
}

import type { IncomingHttpHeaders } from 'node:http'
import { RemitError } from '../core/errors.ts'
import type { JsonObject } from '../core/json.ts'
import { UpstreamCall, type CallPort, type MappedToken } from './upstream-call.ts'
import type { HeaderMap, HttpEndpoint } from './upstream-endpoint.ts'
import {
  connectionError,
  refusalError,
  type ExchangeEvents,
  type HttpExchange,
  type Refusal,
} from './upstream-exchange.ts'
import { mayTryAgain } from './refused-token.ts'
import { challengeOf, HttpRefused } from './upstream-refused.ts'
import { garbage, type UpstreamMessage } from './upstream-message.ts'
import type { UpstreamRequest } from './upstream.ts'

/** One request over HTTP, as its era prepared it. */
export interface HttpCallPlan {
  readonly endpoint: HttpEndpoint
  readonly id: number
  readonly request: UpstreamRequest
  /** The whole JSON-RPC message. */
  readonly body: string
  readonly headers: HeaderMap
  readonly timeout: number
  readonly token?: MappedToken | undefined
  /** Initialize era only: what a session adds. Absent = the stream carries no requests and cannot be resumed. */
  readonly session?: {
    cancel(id: number, reason: string): void
    reply(message: JsonObject): void
    /** Headers with which a broken stream is taken up again. */
    resumeHeaders(lastEventId: string): HeaderMap
    /** True = the status says that the session is gone, and the request was not looked at. */
    isGone(status: number): boolean
  }
  onHeaders?(headers: IncomingHttpHeaders, status: number): void
}

/** The server has forgotten the session; the request was not looked at. */
export class SessionGone extends Error {}

const MAX_RESUMES = 8
const DEFAULT_RETRY = 1_000
const MAX_RETRY = 30_000
/** A stream that goes on after its answer is closed after this many milliseconds. */
const LINGER = 1_000

/** What a human's token was refused for is sent once more with another, where that is sure to be the first time that it runs. */
export function startHttpCall(
  plan: HttpCallPlan,
  open?: (call: UpstreamCall) => () => void,
): Promise<JsonObject> {
  const { holder } = plan.endpoint
  if (holder === undefined) return startOnce(plan, open)
  const sent = plan.headers['authorization'] ?? holder.headers()['authorization'] ?? ''
  return startOnce(plan, open).catch(async (thrown: unknown) => {
    if (!(await mayTryAgain(holder, sent, thrown))) throw thrown
    return startOnce({ ...plan, headers: { ...plan.headers, ...holder.headers() } }, open)
  })
}

function startOnce(plan: HttpCallPlan, open?: (call: UpstreamCall) => () => void): Promise<JsonObject> {
  const { signal } = plan.request
  if (signal.aborted) return Promise.reject(signal.reason as Error)
  const run = new HttpCall(plan)
  const release = open?.(run.call)
  run.start(release)
  return run.call.promise
}

class HttpCall implements CallPort, ExchangeEvents {
  readonly call: UpstreamCall
  readonly timeout: number
  readonly #plan: HttpCallPlan
  #exchange: HttpExchange | undefined
  #resumes = 0
  #resumeTimer: NodeJS.Timeout | undefined
  #release: (() => void) | undefined

  constructor(plan: HttpCallPlan) {
    this.#plan = plan
    this.timeout = plan.timeout
    this.call = new UpstreamCall({ id: plan.id, request: plan.request, token: plan.token, port: this })
  }

  start(release: (() => void) | undefined): void {
    this.#release = release
    const { endpoint, body, headers } = this.#plan
    this.#exchange = endpoint.post(body, headers, this)
  }

  headers(headers: IncomingHttpHeaders, status: number): void {
    this.#plan.onHeaders?.(headers, status)
  }

  message(message: UpstreamMessage): void {
    if (message.kind === 'response' && message.id !== this.call.id) {
      this.call.fail(garbage('it answers another request than the one that was sent'))
    } else if (message.kind === 'request' && this.#plan.session === undefined) {
      this.call.fail(garbage('it holds a request, which this protocol version does not have'))
    } else this.call.receive(message)
  }

  end(exchange: HttpExchange): void {
    if (!this.call.open) return
    const { refusal } = exchange
    if (refusal === undefined) {
      if (!this.#resume(exchange)) this.call.fail(garbage('it ended before the request was answered'))
    } else if (this.#plan.session?.isGone(refusal.status) === true) this.call.fail(new SessionGone())
    else if (refusal.message?.kind === 'response' && challengeOf(refusal) === undefined)
      this.message(refusal.message)
    else {
      this.call.fail(this.#refused(refusal))
    }
  }

  failed(error: Error, exchange: HttpExchange): void {
    if (!this.call.open) return
    if (!(error instanceof RemitError) && this.#resume(exchange)) return
    // A stream is only ever resumed after the request was sent.
    this.call.fail(connectionError(error, exchange.sent || this.#resumes > 0))
  }

  cancel(): void {
    this.#exchange?.abort()
    this.#plan.session?.cancel(this.call.id, 'the client gave up')
  }

  reply(message: JsonObject): void {
    this.#plan.session?.reply(message)
  }

  settled(): void {
    clearTimeout(this.#resumeTimer)
    this.#release?.()
    const exchange = this.#exchange
    if (exchange?.sse === undefined) return
    setTimeout(() => {
      exchange.abort()
    }, LINGER).unref()
  }

  /** An error that names no request, in a session, is mostly about the session: then it must not be asked again. */
  #refused(refusal: Refusal): Error {
    const error = refusalError(refusal)
    if (error instanceof RemitError) return new HttpRefused(refusal, error)
    if (this.#plan.session === undefined || refusal.status !== 400) return error
    const message = 'the server refused the request; a new session begins with the next one, so send it again'
    return new HttpRefused(
      refusal,
      new RemitError('upstream_unavailable', message, { detail: error.message }),
    )
  }

  /** Takes a broken stream up where it ended (2025-11-25, Streamable HTTP, resumability). */
  #resume(exchange: HttpExchange): boolean {
    const { session, endpoint } = this.#plan
    const lastId = exchange.sse?.lastId
    if (session === undefined || lastId === undefined || this.#resumes >= MAX_RESUMES) return false
    this.#resumes += 1
    this.#resumeTimer = setTimeout(
      () => {
        this.#exchange = endpoint.stream(session.resumeHeaders(lastId), this)
      },
      Math.min(exchange.sse?.retry ?? DEFAULT_RETRY, MAX_RETRY),
    )
    return true
  }
}

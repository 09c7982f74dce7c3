import { setTimeout as sleep } from 'node:timers/promises'
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts'
import type { Log } from '../core/log.ts'
import { BridgeHeaders } from './bridge-headers.ts'
import type { BridgeLink, LinkAnswer } from './bridge-link.ts'
import type { Message, RequestId } from './json-rpc.ts'
import { refusedRuntimeCall, runtimeCallOf } from './runtime-call.ts'
import { readAnswer } from './read-answer.ts'

type Request = Extract<Message, { readonly kind: 'request' }>

const FIRST_DELAY = 500
const MAX_DELAY = 30_000
/** Less than agents wait for a hook, and more than the gateway holds one (`hooks.hold`). */
const RUNTIME_DEADLINE = 150_000

/** One stdio client's conversation with the gateway: its session, its open requests, its stream. */
export class BridgeSession {
  readonly #link: BridgeLink
  readonly #write: (message: JsonObject) => void
  readonly #log: Log
  readonly #headers = new BridgeHeaders()
  readonly #open = new Map<RequestId, AbortController>()
  readonly #runtimeDeadline: number
  #initialize: Request | undefined
  /** Ends the GET stream of the session that it belongs to. */
  #stream: AbortController | undefined

  /** @param deps.runtimeDeadline milliseconds after which a runtime that asks is answered, by a no. */
  constructor(deps: {
    link: BridgeLink
    write: (message: JsonObject) => void
    log: Log
    runtimeDeadline?: number | undefined
  }) {
    this.#link = deps.link
    this.#write = deps.write
    this.#log = deps.log
    this.#runtimeDeadline = deps.runtimeDeadline ?? RUNTIME_DEADLINE
  }

  /** Never throws: what fails is answered to the client, or logged when nobody waits for an answer. */
  async forward(message: Message): Promise<void> {
    if (message.kind === 'request') {
      await this.#request(message)
      return
    }
    if (message.kind === 'notification' && this.#cancels(message)) return
    try {
      const answer = await this.#post(message)
      await answer.body.dump()
      if (answer.status >= 400) this.#log.log('warn', 'message refused', { status: answer.status })
    } catch (error) {
      this.#log.log('warn', 'message not delivered', { error: String(error) })
    }
  }

  async close(): Promise<void> {
    this.#stream?.abort()
    const headers = this.#headers.ofSession()
    if (headers === undefined) return
    try {
      const answer = await this.#link.send('DELETE', { headers, signal: AbortSignal.timeout(2_000) })
      await answer.body.dump()
    } catch (error) {
      this.#log.log('debug', 'session not ended', { error: String(error) })
    }
  }

  async #request(request: Request): Promise<void> {
    const controller = new AbortController()
    this.#open.set(request.id, controller)
    const signal =
      runtimeCallOf(request) === undefined
        ? controller.signal
        : AbortSignal.any([controller.signal, AbortSignal.timeout(this.#runtimeDeadline)])
    let answered = false
    const receive = (received: JsonObject): void => {
      const message = addressed(received, request.id)
      if (message['method'] === undefined && message['id'] === request.id) answered = true
      this.#headers.learn(request, message)
      if (isJsonObject(message['error'])) this.#fail(request, message['error'])
      else this.#write(message)
    }
    try {
      const answer = await this.#post(request, signal)
      if (request.method === 'initialize') {
        this.#initialize = request
        this.#begin(answer)
      } else if (answer.status === 404 && this.#headers.session !== undefined) {
        await answer.body.dump()
        await this.#renew()
        this.#fail(request, RESTARTED)
        return
      }
      await readAnswer(answer, receive)
      if (!answered && !controller.signal.aborted) this.#fail(request, unanswered(answer.status))
    } catch (error) {
      if (controller.signal.aborted || answered) return
      this.#log.log('warn', 'request failed', { method: request.method, error: String(error) })
      this.#fail(request, UNREACHABLE)
    } finally {
      this.#open.delete(request.id)
    }
  }

  #post(message: Message, signal?: AbortSignal): Promise<LinkAnswer> {
    const body = JSON.stringify(wireOf(message))
    const headers = this.#headers.ofMessage(message)
    return this.#link.send('POST', { headers, body, ...(signal === undefined ? {} : { signal }) })
  }

  #begin(answer: LinkAnswer): void {
    this.#stream?.abort()
    const id = answer.headers['mcp-session-id']
    if (answer.status !== 200 || typeof id !== 'string') return
    this.#headers.session = id
    this.#stream = new AbortController()
    void this.#listen(this.#stream.signal)
  }

  /** The gateway forgot the session (it was restarted): a new one, of which the client need not know. */
  async #renew(): Promise<void> {
    const initialize = this.#initialize
    if (initialize === undefined) return
    this.#headers.session = undefined
    const answer = await this.#post(initialize)
    this.#begin(answer)
    await answer.body.dump()
    await this.forward({ kind: 'notification', method: 'notifications/initialized', params: {} })
  }

  /** What the gateway says unasked. Listening again repeats nothing, so a broken stream is taken up again. */
  async #listen(signal: AbortSignal): Promise<void> {
    let delay = FIRST_DELAY
    while (!signal.aborted) {
      try {
        const headers = { ...this.#headers.ofSession(), accept: 'text/event-stream' }
        const answer = await this.#link.send('GET', { headers, signal })
        if (answer.status !== 200) {
          await answer.body.dump()
          if (answer.status < 500) return
        } else {
          delay = FIRST_DELAY
          await readAnswer(answer, this.#write)
        }
      } catch (error) {
        this.#log.log('debug', 'stream ended', { error: String(error) })
      }
      await sleep(delay, undefined, { signal }).catch(() => {})
      delay = Math.min(delay * 2, MAX_DELAY)
    }
  }

  /** 2026-07-28 over HTTP cancels by closing the response; on stdio the client sends a notification. */
  #cancels(message: Extract<Message, { readonly kind: 'notification' }>): boolean {
    if (message.method !== 'notifications/cancelled' || this.#headers.session !== undefined) return false
    const id = message.params['requestId']
    if (typeof id === 'string' || typeof id === 'number') this.#open.get(id)?.abort()
    return true
  }

  /** A runtime that asks whether a tool may run is told no: after an error there are agents that go on. */
  #fail(request: Request, error: JsonObject): void {
    const asked = runtimeCallOf(request)
    const { message = '' } = error
    if (asked === undefined) this.#write({ jsonrpc: '2.0', id: request.id, error })
    else this.#write(refusedRuntimeCall(asked, typeof message === 'string' ? message : ''))
  }
}

const UNREACHABLE = {
  code: -32603,
  message:
    'the connection to the Remit gateway failed; see that it runs (`remit status`). Whether a call ran is not known: check before you retry',
}

const RESTARTED = {
  code: -32603,
  message: 'the Remit gateway began anew and this request did not run; send it again',
}

/** An error that the gateway could not address answers the request that it came for. */
function addressed(message: JsonObject, id: RequestId): JsonObject {
  return message['id'] === null && message['error'] !== undefined ? { ...message, id } : message
}

function unanswered(status: number): { readonly code: number; readonly message: string } {
  const what =
    status === 200
      ? 'the Remit gateway closed the stream before it answered; whether the call ran is not known'
      : `the Remit gateway refused the request with HTTP ${String(status)}; nothing ran`
  return { code: -32603, message: what }
}

function wireOf(message: Message): JsonObject {
  if (message.kind === 'response') {
    const { id, result, error } = message
    return error === undefined ? { jsonrpc: '2.0', id, result: result ?? {} } : { jsonrpc: '2.0', id, error }
  }
  const { method, params } = message
  const base: Record<string, Json> = { jsonrpc: '2.0', method }
  if (message.kind === 'request') base['id'] = message.id
  return isJsonObject(params) && Object.keys(params).length > 0 ? { ...base, params } : base
}

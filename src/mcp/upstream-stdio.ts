import { RemitError } from '../core/errors.ts'
import type { JsonObject } from '../core/json.ts'
import type { Log } from '../core/log.ts'
import type { LargeMessages } from './large-messages.ts'
import { UpstreamCall, type CallPort } from './upstream-call.ts'
import { UpstreamChild, type StdioTransport } from './upstream-child.ts'
import { legacyParams, mapProgressToken, modernParams, type ClientInfo } from './upstream-envelope.ts'
import { Listener } from './upstream-listen.ts'
import { garbage, type UpstreamMessage } from './upstream-message.ts'
import type { Scrub } from './upstream-scrub.ts'
import { OpenCalls } from './upstream-open-calls.ts'
import { MessageReader, type Unreadable } from './upstream-reader.ts'
import type { Era, UpstreamInfo, UpstreamRequest, UpstreamSession } from './upstream.ts'

export interface StdioOptions {
  readonly transport: StdioTransport
  readonly client: ClientInfo
  readonly timeout: number
  readonly shared: boolean
  readonly log: Log
  readonly large?: LargeMessages | undefined
  readonly scrub: Scrub
}

const UNKNOWN: UpstreamInfo = { era: 'legacy', protocolVersion: '', capabilities: {}, serverInfo: {} }

/** One child process that speaks newline-delimited JSON-RPC (MCP, stdio transport), in either era. */
export class StdioSession implements UpstreamSession {
  info: UpstreamInfo = UNKNOWN
  readonly #options: StdioOptions
  readonly #calls: OpenCalls
  readonly #reader: MessageReader
  #listener: Listener | undefined
  #child: UpstreamChild | undefined
  #nextId = 1
  #closed = false
  #why = ''

  private constructor(options: StdioOptions) {
    this.#options = options
    this.#calls = new OpenCalls(options.shared)
    this.#reader = new MessageReader(options.large, {
      awaits: (message) => message.kind === 'response' && this.#calls.get(message.id) !== undefined,
      message: (message) => {
        this.#message(message)
      },
      unreadable: (what) => {
        this.#malformed(what)
      },
      pause: () => this.#child?.pause(),
      resume: () => this.#child?.resume(),
    })
  }

  /** Starts the process; which era it speaks is yet to be found out. @throws RemitError `upstream_unavailable`. */
  static async start(options: StdioOptions): Promise<StdioSession> {
    const session = new StdioSession(options)
    const port = {
      line: (line: Buffer) => {
        session.#line(line)
      },
      gone: (why: string) => {
        session.#gone(why)
      },
    }
    session.#child = await UpstreamChild.start(options.transport, port, options)
    return session
  }

  get closed(): boolean {
    return this.#closed
  }

  /** Why it is closed, for the operator. */
  get why(): string {
    return this.#why
  }

  get program(): JsonObject {
    return this.#child?.program ?? {}
  }

  get pid(): number | undefined {
    return this.#child?.pid
  }

  request(request: UpstreamRequest): Promise<JsonObject> {
    const subscription = this.info.era === 'modern' ? this.#listening().subscription(request) : undefined
    if (subscription !== undefined) return subscription
    const timeout = request.method === 'subscriptions/listen' ? 0 : this.#options.timeout
    return this.exchange(request, this.info.era, timeout)
  }

  /** A request in the form of an era that is not settled yet: the probe's way in. */
  exchange(request: UpstreamRequest, era: Era, timeout: number): Promise<JsonObject> {
    if (request.signal.aborted) return Promise.reject(request.signal.reason as Error)
    const id = this.#nextId
    this.#nextId += 1
    const { params: tagged, token } = mapProgressToken(request.params, id)
    const params =
      era === 'modern'
        ? modernParams({ ...request, params: tagged }, this.#options.client)
        : legacyParams(tagged)
    const call = new UpstreamCall({ id, request, token, port: this.#port(timeout) })
    this.#calls.add(call)
    if (!this.#send({ jsonrpc: '2.0', id, method: request.method, params })) {
      call.fail(
        new RemitError(
          'upstream_unavailable',
          `the server is not running: ${this.#why === '' ? 'it does not read what it is sent' : this.#why}; nothing was sent`,
        ),
      )
    }
    return call.promise
  }

  notify(method: string, params: JsonObject): Promise<void> {
    const modern = this.info.era === 'modern'
    const full = modern
      ? modernParams({ params, clientCapabilities: {} }, this.#options.client)
      : legacyParams(params)
    this.#send({ jsonrpc: '2.0', method, params: full })
    return Promise.resolve()
  }

  onNotification(listener: (method: string, params: JsonObject) => void): () => void {
    if (this.info.era === 'modern') this.#listening().start()
    return this.#calls.listen(listener)
  }

  async close(): Promise<void> {
    this.#listener?.stop()
    await this.#child?.stop()
  }

  #listening(): Listener {
    this.#listener ??= new Listener(this, (method, params) => {
      this.#calls.tell(method, params)
    })
    return this.#listener
  }

  #port(timeout: number): CallPort {
    return {
      timeout,
      cancel: (call, reason) => {
        if (call.request.method === 'initialize') return
        this.#send({
          jsonrpc: '2.0',
          method: 'notifications/cancelled',
          params: { requestId: call.id, reason },
        })
      },
      reply: (message) => {
        this.#send(message)
      },
      settled: (call) => {
        this.#calls.delete(call)
      },
    }
  }

  #send(message: JsonObject): boolean {
    return this.#child?.write(JSON.stringify(message)) ?? false
  }

  #gone(why: string): void {
    this.#closed = true
    this.#why = why
    this.#listener?.stop()
    const lost = (): RemitError =>
      new RemitError('upstream_lost', 'the server ended before it answered; whether it acted is unknown', {
        detail: why,
      })
    this.#reader.after(() => {
      this.#calls.failAll(lost)
    })
  }

  #line(line: Buffer): void {
    this.#reader.read(line)
  }

  #message(message: UpstreamMessage): void {
    if (this.#calls.route(message)) return
    if (message.kind === 'request') this.#refuse(message)
    else if (message.kind === 'response' && !this.#wasSent(message.id)) {
      this.#calls.sole?.fail(garbage('it answers another request than the one that was sent'))
    }
  }

  #refuse(message: Extract<UpstreamMessage, { kind: 'request' }>): void {
    const { id, method } = message
    if (method === 'ping') this.#send({ jsonrpc: '2.0', id, result: {} })
    else
      this.#send({
        jsonrpc: '2.0',
        id,
        error: { code: -32601, message: 'nobody can be asked outside of a request' },
      })
  }

  /** An answer that comes after its request was given up is no fault. */
  #wasSent(id: unknown): boolean {
    return typeof id === 'number' && id > 0 && id < this.#nextId
  }

  /** Servers print banners to their output; only what looks like a message is held against a call. */
  #malformed({ error, size, opens, id }: Unreadable): void {
    this.#options.log.log('warn', 'upstream wrote a line that is no message', { bytes: size })
    const call = this.#calls.get(id())
    if (call !== undefined) call.fail(error)
    // Where calls may be of different people, what is wrong with one's answer is not told to another.
    else if (opens) this.#calls.sole?.fail(this.#options.shared ? garbage('it is no message') : error)
  }
}

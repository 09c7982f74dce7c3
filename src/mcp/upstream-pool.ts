import { canonicalJson } from '../core/canonical-json.ts'
import { asRemitError, RemitError } from '../core/errors.ts'
import type { JsonObject } from '../core/json.ts'
import type { Log } from '../core/log.ts'
import type { OutboundGuard } from '../net/safe-dispatcher.ts'
import { Backoff } from './upstream-backoff.ts'
import { HttpEndpoint } from './upstream-endpoint.ts'
import type { ClientInfo } from './upstream-envelope.ts'
import { PooledSession, type SessionWatcher } from './upstream-pooled-session.ts'
import { openSession } from './upstream-open.ts'
import { EraMemory } from './upstream-probe.ts'
import { Slots, type SlotLimits } from './upstream-slots.ts'
import { UpstreamRpcError, type Upstream, type UpstreamConfig, type UpstreamSession } from './upstream.ts'

export interface UpstreamOptions {
  readonly client: ClientInfo
  readonly log: Log
  /** What an HTTP server's name may lead to, and which ports are the gateway's own. */
  readonly guard?: OutboundGuard
  readonly slots?: SlotLimits
  /** Milliseconds after which a session that nobody uses is closed. */
  readonly idle?: number
}

const DEFAULT_SLOTS: SlotLimits = { running: 64, waiting: 256, patience: 10_000 }
const DEFAULT_IDLE = 600_000
const NO_CAPABILITIES: JsonObject = {}

/** One configured server: its sessions by owner, opened once, shared while they live, closed when idle. */
export class PooledUpstream implements Upstream {
  readonly config: UpstreamConfig
  readonly #options: UpstreamOptions
  readonly #endpoint: HttpEndpoint | undefined
  readonly #eras = new EraMemory(() => performance.now())
  readonly #backoff = new Backoff(() => performance.now())
  readonly #slots: Slots
  readonly #sessions = new Map<string, PooledSession>()
  readonly #opening = new Map<string, Promise<PooledSession>>()
  readonly #sweeper: NodeJS.Timeout
  readonly #watcher: SessionWatcher = {
    answered: () => {
      this.#state = 'up'
    },
    failed: (error) => {
      this.#failed(error)
    },
  }
  #state: 'idle' | 'up' | 'down' = 'idle'
  #restarts = 0
  #lastError: string | undefined
  #closed = false

  constructor(config: UpstreamConfig, options: UpstreamOptions) {
    this.config = config
    this.#options = options
    this.#slots = new Slots(options.slots ?? DEFAULT_SLOTS)
    const { transport } = config
    if (transport.kind === 'http') {
      const { url, headers, allowPrivate } = transport
      this.#endpoint = new HttpEndpoint({
        ...options.guard,
        url,
        headers,
        ...(allowPrivate === undefined ? {} : { allowPrivate }),
      })
    }
    const idle = options.idle ?? DEFAULT_IDLE
    this.#sweeper = setInterval(
      () => {
        this.#sweep(idle)
      },
      Math.max(idle / 10, 10),
    )
    this.#sweeper.unref()
  }

  get health(): Upstream['health'] {
    const sessions = [...this.#sessions.values()]
    const dead = this.#state === 'up' && sessions.length > 0 && sessions.every((session) => session.closed)
    const base = { state: dead ? ('down' as const) : this.#state, restarts: this.#restarts }
    return this.#lastError === undefined ? base : { ...base, lastError: this.#lastError }
  }

  async session(owner: string, clientCapabilities: JsonObject = NO_CAPABILITIES): Promise<UpstreamSession> {
    if (this.#closed) throw new RemitError('upstream_unavailable', 'the gateway is stopping')
    const { session: sharing } = this.config
    const modern = this.#eras.recall()?.era === 'modern'
    const declared = sharing !== 'task' || modern ? NO_CAPABILITIES : clientCapabilities
    const key = sharing === 'shared' ? '' : keyOf(owner, declared)
    const known = this.#sessions.get(key)
    if (known !== undefined && !known.closed) return known
    let opening = this.#opening.get(key)
    if (opening === undefined) {
      opening = this.#open(owner, { key, declared }).finally(() => {
        this.#opening.delete(key)
      })
      this.#opening.set(key, opening)
    }
    return opening
  }

  async close(): Promise<void> {
    this.#closed = true
    clearInterval(this.#sweeper)
    await Promise.allSettled(this.#opening.values())
    await Promise.allSettled([...this.#sessions.values()].map((session) => session.close()))
    this.#sessions.clear()
    await this.#endpoint?.close()
    this.#state = 'idle'
  }

  async #open(
    owner: string,
    { key, declared }: { readonly key: string; readonly declared: JsonObject },
  ): Promise<PooledSession> {
    const dead = this.#sessions.get(key)
    if (dead !== undefined) {
      this.#sessions.delete(key)
      this.#backoff.failed(dead.up)
      this.#restarts += 1
    }
    await this.#backoff.ready(this.#lastError ?? '')
    const { config, client, log } = { ...this.#options, config: this.config }
    try {
      const eras = this.#eras
      const inner = await openSession({
        config,
        endpoint: this.#endpoint,
        client,
        clientCapabilities: declared,
        eras,
        log,
      })
      const session = new PooledSession(inner, this.#slots, this.#watcher)
      if (this.#closed) {
        await session.close()
        throw new RemitError('upstream_unavailable', 'the gateway is stopping')
      }
      // A modern server is told what the client declared with every request, so one session serves them all.
      const modern = inner.info.era === 'modern' && config.session === 'task'
      this.#sessions.set(modern ? keyOf(owner, NO_CAPABILITIES) : key, session)
      this.#state = 'up'
      return session
    } catch (thrown) {
      const error = unavailable(thrown)
      this.#backoff.failed(0)
      this.#failed(error)
      throw error
    }
  }

  /** A failure of the server itself, not an error that it answered with. */
  #failed(error: RemitError): void {
    this.#lastError = error.detail === undefined ? error.message : `${error.message} (${error.detail})`
    if (error.code === 'upstream_unavailable' || error.code === 'upstream_lost') this.#state = 'down'
    // What the server was taken for may be what is wrong.
    if (error.code !== 'upstream_timeout') this.#eras.forget()
    this.#options.log.log('warn', 'upstream failed', {
      server: this.config.key,
      code: error.code,
      error: this.#lastError,
    })
  }

  #sweep(idle: number): void {
    for (const [key, session] of this.#sessions) {
      if (session.closed || session.idleFor < idle) continue
      this.#sessions.delete(key)
      void session.close()
    }
    if (this.#sessions.size === 0 && this.#state === 'up') this.#state = 'idle'
  }
}

/** Whatever kept a session from beginning: nothing of the caller's was sent yet. */
function unavailable(thrown: unknown): RemitError {
  if (thrown instanceof UpstreamRpcError) {
    return new RemitError('upstream_unavailable', 'the server refused to begin a session; its log says why', {
      detail: `${thrown.rpcCode} ${thrown.message}`,
    })
  }
  const error = asRemitError(thrown)
  if (error.code === 'upstream_unavailable') return error
  return new RemitError('upstream_unavailable', 'the server did not begin a session; nothing was sent', {
    detail: `${error.code}: ${error.message}${error.detail === undefined ? '' : ` (${error.detail})`}`,
    cause: thrown,
  })
}

function keyOf(owner: string, declared: JsonObject): string {
  return Object.keys(declared).length === 0 ? owner : `${owner}\n${canonicalJson(declared)}`
}

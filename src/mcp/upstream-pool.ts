import { canonicalJson } from '../core/canonical-json.ts'
import { asRemitError, RemitError } from '../core/errors.ts'
import type { JsonObject } from '../core/json.ts'
import type { Log } from '../core/log.ts'
import { chooseCredential } from '../gate/choose-credential.ts'
import type { OutboundGuard } from '../net/safe-dispatcher.ts'
import type { HumanCredentials } from './human-credentials.ts'
import type { LargeMessages } from './large-messages.ts'
import type { Entropy } from '../core/clock.ts'
import { Backoff } from './upstream-backoff.ts'
import { Breaker, type BreakerTimes } from './upstream-breaker.ts'
import { HttpEndpoint } from './upstream-endpoint.ts'
import type { ClientInfo } from './upstream-envelope.ts'
import { PooledSession, type SessionWatcher } from './upstream-pooled-session.ts'
import { openSession } from './upstream-open.ts'
import { EraMemory } from './upstream-probe.ts'
import { takePulse } from './upstream-pulse.ts'
import { Retry } from './upstream-retry.ts'
import { NO_SCRUB, scrubbedError, type Scrub } from './upstream-scrub.ts'
import { Slots, type SlotLimits } from './upstream-slots.ts'
import {
  UpstreamRpcError,
  type SessionHolder,
  type Upstream,
  type UpstreamConfig,
  type UpstreamSession,
} from './upstream.ts'

export interface UpstreamOptions {
  readonly client: ClientInfo
  readonly log: Log
  /** What an HTTP server's name may lead to, and which ports are the gateway's own. */
  readonly guard?: OutboundGuard
  /** Takes the gateway's own credentials out of whatever servers say; absent = it has none. */
  readonly scrub?: Scrub
  /** Of servers that are reached as a human. */
  readonly tokens?: HumanCredentials
  readonly slots?: SlotLimits
  /** Spreads in time what the gateway tries by itself. */
  readonly entropy?: Entropy
  /** Absent = every message is read on the thread that calls run on. */
  readonly large?: LargeMessages
  /** Milliseconds after which a session that nobody uses is closed. */
  readonly idle?: number
  /** How a server that does not answer is found out. */
  readonly pulse?: PulseTimes
}

/** In milliseconds. */
export interface PulseTimes extends BreakerTimes {
  /** For a sign of life. */
  readonly wait: number
  /** Until a process that shows none is ended, so that another one can begin. */
  readonly patience: number
}

const DEFAULT_PULSE: PulseTimes = { first: 1_000, longest: 30_000, wait: 5_000, patience: 60_000 }
const DEFAULT_SLOTS: SlotLimits = { running: 64, waiting: 256, patience: 10_000 }
const LONGEST_ERROR = 700
const DEFAULT_IDLE = 600_000
const NO_CAPABILITIES: JsonObject = {}

/** One configured server: its sessions by owner, opened once, shared while they live, closed when idle. */
export class PooledUpstream implements Upstream {
  readonly config: UpstreamConfig
  readonly #options: UpstreamOptions
  readonly #endpoint: HttpEndpoint | undefined
  readonly #eras = new EraMemory(() => performance.now())
  /** Of beginning a session at all. */
  readonly #backoff = new Backoff(() => performance.now())
  /** Of processes that ended, by whose they were: one task's crashes put off nobody else's. */
  readonly #deaths = new Map<string, Backoff>()
  readonly #slots: Slots
  /** Of an HTTP server: whoever finds it silent finds out for all. A process has one of its own. */
  readonly #breaker: Breaker
  readonly #pulse: PulseTimes
  readonly #scrub: Scrub
  readonly #sessions = new Map<string, PooledSession>()
  readonly #opening = new Map<string, Promise<PooledSession>>()
  readonly #sweeper: NodeJS.Timeout
  readonly #watcher: SessionWatcher = {
    answered: () => {
      this.#state = 'up'
      this.#retry.succeeded()
    },
    failed: (error) => {
      this.#failed(error)
      // A process that ended is begun again when it is needed; an HTTP server may be there again any time.
      if (this.#endpoint !== undefined && error.code === 'upstream_unavailable') this.#planRetry()
    },
  }
  readonly #retry = new Retry({
    attempt: () => this.#tryAgain(),
    recovered: () => {
      for (const listener of this.#recovered) listener()
    },
    now: () => performance.now(),
    entropy: { bytes: (size) => this.#options.entropy?.bytes(size) ?? new Uint8Array(size) },
  })
  readonly #recovered = new Set<() => void>()
  /** The last session that somebody wanted. */
  #wanted: readonly [string, JsonObject, SessionHolder | undefined] | undefined
  #state: 'idle' | 'up' | 'down' = 'idle'
  #restarts = 0
  #lastError: string | undefined
  #closed = false

  constructor(config: UpstreamConfig, options: UpstreamOptions) {
    this.config = config
    this.#options = options
    this.#slots = new Slots(options.slots ?? DEFAULT_SLOTS)
    this.#pulse = options.pulse ?? DEFAULT_PULSE
    this.#breaker = new Breaker((silent) => {
      this.#heard(silent, this.#sessions.values())
    }, this.#pulse)
    this.#scrub = options.scrub ?? NO_SCRUB
    const { transport } = config
    if (transport.kind === 'http') {
      const { url, headers, allowPrivate } = transport
      this.#endpoint = new HttpEndpoint({
        ...options.guard,
        url,
        headers,
        large: options.large,
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
    const gone = sessions.length > 0 && sessions.every((session) => session.closed || session.silent)
    const dead = this.#state === 'up' && gone
    const era = this.config.era === 'auto' ? this.#eras.recall()?.era : this.config.era
    const base = {
      state: dead ? ('down' as const) : this.#state,
      restarts: this.#restarts,
      ...(era === undefined ? {} : { era }),
      ...(this.#retry.rest === undefined ? {} : { nextTry: this.#retry.rest }),
    }
    return this.#lastError === undefined ? base : { ...base, lastError: this.#lastError }
  }

  async session(
    owner: string,
    clientCapabilities: JsonObject = NO_CAPABILITIES,
    holder?: SessionHolder,
  ): Promise<UpstreamSession> {
    if (this.#closed) throw new RemitError('upstream_unavailable', 'the server is being closed')
    const { unusable } = this.config
    if (unusable !== undefined) throw new RemitError('credential_needed', unusable)
    await this.#humanReady(holder)
    this.#wanted = [owner, clientCapabilities, holder]
    const { session: sharing } = this.config
    const modern = this.#eras.recall()?.era === 'modern'
    const declared = sharing !== 'task' || modern ? NO_CAPABILITIES : clientCapabilities
    const key = sharing === 'shared' ? '' : keyOf(owner, declared)
    const known = this.#sessions.get(key)
    if (known !== undefined && !known.closed) {
      known.touch()
      return known
    }
    this.#breaker.check()
    let opening = this.#opening.get(key)
    if (opening === undefined) {
      opening = this.#open(owner, { key, declared, holder }).finally(() => {
        this.#opening.delete(key)
      })
      this.#opening.set(key, opening)
    }
    return opening
  }

  onRecovered(listener: () => void): void {
    this.#recovered.add(listener)
  }

  /** Closes when the calls that it runs are answered; it begins nothing more. */
  async retire(): Promise<void> {
    this.#closed = true
    this.#retry.stop()
    await Promise.allSettled(this.#opening.values())
    await Promise.all([...this.#sessions.values()].map((session) => session.callsEnded()))
    await this.close()
  }

  async close(): Promise<void> {
    this.#closed = true
    clearInterval(this.#sweeper)
    this.#breaker.stop()
    this.#retry.stop()
    await Promise.allSettled(this.#opening.values())
    await Promise.allSettled([...this.#sessions.values()].map((session) => session.close()))
    this.#sessions.clear()
    await this.#endpoint?.close()
    this.#state = 'idle'
  }

  async #open(
    owner: string,
    {
      key,
      declared,
      holder,
    }: {
      readonly key: string
      readonly declared: JsonObject
      readonly holder: SessionHolder | undefined
    },
  ): Promise<PooledSession> {
    const dead = this.#sessions.get(key)
    if (dead !== undefined) {
      this.#sessions.delete(key)
      this.#died(key, dead)
    }
    await this.#deaths.get(key)?.ready(this.#lastError ?? '')
    await this.#backoff.ready(this.#lastError ?? '')
    const { config, client, log, large } = { ...this.#options, config: this.config }
    try {
      const eras = this.#eras
      const inner = await openSession({
        config,
        endpoint: this.#endpointFor(holder),
        scrub: this.#scrub,
        client,
        clientCapabilities: declared,
        eras,
        log,
        large,
      })
      const session = this.#pooled(inner)
      if (this.#closed) {
        await session.close()
        throw new RemitError('upstream_unavailable', 'the server is being closed')
      }
      // A modern server is told what the client declared with every request, so one session serves them all.
      const modern = inner.info.era === 'modern' && config.session === 'task'
      this.#sessions.set(modern ? keyOf(owner, NO_CAPABILITIES) : key, session)
      this.#state = 'up'
      this.#backoff.succeeded()
      this.#retry.succeeded()
      return session
    } catch (thrown) {
      const error = scrubbedError(this.#scrub, unavailable(thrown)) as RemitError
      // What one human has to do puts off nobody else.
      if (error.code !== 'credential_needed') {
        this.#backoff.failed(0)
        this.#failed(error)
        this.#planRetry()
      }
      throw error
    }
  }

  /** Nobody's token is used when nobody calls. */
  #planRetry(): void {
    if (!this.#isPerHuman() && !this.#closed) this.#retry.failed()
  }

  async #tryAgain(): Promise<void> {
    if (this.#wanted === undefined) return
    const session = await this.session(...this.#wanted)
    await takePulse(session, this.#pulse.wait)
  }

  /** The session as such, its lists included, only reads. @throws RemitError `credential_needed`. */
  #endpointFor(holder: SessionHolder | undefined): HttpEndpoint | undefined {
    const { key, transport } = this.config
    if (this.#isPerHuman()) return this.#endpoint?.bearingTokenOf(this.#tokens(holder))
    const entries = transport.kind === 'http' ? transport.credentials : undefined
    if (entries === undefined) return this.#endpoint
    const { headers } = chooseCredential(entries, {
      server: key,
      effect: 'read',
      environment: holder?.environment,
    })
    return this.#endpoint?.bearing(() => headers)
  }

  #isPerHuman(): boolean {
    const { transport } = this.config
    return transport.kind === 'http' && transport.perHuman === true
  }

  /** @throws RemitError `credential_needed` unless its human is connected. */
  async #humanReady(holder: SessionHolder | undefined): Promise<void> {
    if (this.#isPerHuman()) await this.#tokens(holder).ready()
  }

  #tokens(holder: SessionHolder | undefined) {
    const { tokens } = this.#options
    const { key } = this.config
    const human = holder?.human
    if (tokens === undefined || human === undefined) {
      throw new RemitError(
        'credential_needed',
        `\`${key}\` is reached as a human, and here is none; it is reached when a task of somebody who connected it needs it`,
      )
    }
    return {
      server: key,
      human,
      ready: () => tokens.ready(key, human),
      headers: () => tokens.headers(key, human),
      refused: (sent: string) => tokens.refused(key, human, sent),
    }
  }

  #pooled(inner: UpstreamSession): PooledSession {
    // Silence of one process says nothing about another one; an HTTP server is one for all.
    const breaker = this.#endpoint === undefined ? this.#processBreaker(() => session) : this.#breaker
    const bounds = { slots: this.#slots, breaker, pulseWait: this.#pulse.wait, scrub: this.#scrub }
    const session: PooledSession = new PooledSession(inner, bounds, this.#watcher)
    return session
  }

  #processBreaker(session: () => PooledSession): Breaker {
    let end: NodeJS.Timeout | undefined
    return new Breaker((silent) => {
      this.#heard(silent, [session()])
      clearTimeout(end)
      if (!silent) return
      end = setTimeout(() => {
        void session().close()
      }, this.#pulse.patience)
      end.unref()
    }, this.#pulse)
  }

  #heard(silent: boolean, sessions: Iterable<PooledSession>): void {
    const { log } = this.#options
    if (silent) this.#lastError = 'the server accepts requests and answers none'
    log.log('warn', silent ? 'upstream silent' : 'upstream answers again', { server: this.config.key })
    if (silent) return
    for (const session of sessions) session.revived()
  }

  /** What ended is begun again, later each time: by its owner's own doing where it was a process of the owner's. */
  #died(key: string, session: PooledSession): void {
    this.#restarts += 1
    const deaths = this.#deaths.get(key) ?? new Backoff(() => performance.now())
    deaths.failed(session.up)
    this.#deaths.set(key, deaths)
  }

  /** A failure of the server itself, not an error that it answered with. */
  #failed(error: RemitError): void {
    const { message, detail } = error
    // Cut last, or a part of a credential would be left that nobody knows any more.
    this.#lastError = (detail === undefined ? message : `${message} (${detail})`).slice(0, LONGEST_ERROR)
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
      if (session.idleFor < idle) continue
      this.#sessions.delete(key)
      if (session.closed) this.#died(key, session)
      else void session.close()
    }
    for (const [key, deaths] of this.#deaths) if (deaths.over) this.#deaths.delete(key)
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
  if (error.code === 'upstream_unavailable' || error.code === 'credential_needed') return error
  return new RemitError('upstream_unavailable', 'the server did not begin a session; nothing was sent', {
    detail: `${error.code}: ${error.message}${error.detail === undefined ? '' : ` (${error.detail})`}`,
    cause: thrown,
  })
}

function keyOf(owner: string, declared: JsonObject): string {
  return Object.keys(declared).length === 0 ? owner : `${owner}\n${canonicalJson(declared)}`
}

import { RemitError } from '../core/errors.ts'
import type { JsonObject } from '../core/json.ts'
import type { Breaker } from './upstream-breaker.ts'
import { HttpRefused } from './upstream-refused.ts'
import { takePulse } from './upstream-pulse.ts'
import { scrubbedError, scrubbedRequest, type Scrub } from './upstream-scrub.ts'
import type { Party } from './upstream-shares.ts'
import type { Slots } from './upstream-slots.ts'
import type { UpstreamInfo, UpstreamRequest, UpstreamSession } from './upstream.ts'

/** Who wants to know how the server fares. */
export interface SessionWatcher {
  answered(): void
  failed(error: RemitError): void
}

/** What all sessions of a server, or of one process of it, have in common. */
export interface SessionBounds {
  readonly slots: Slots
  readonly breaker: Breaker
  /** Milliseconds in which a suspected server must show a sign of life. */
  readonly pulseWait: number
  readonly scrub: Scrub
}

/** Lists that may have come out short while a server was silent, by the capability that it has them under. */
const LISTS = ['tools', 'prompts', 'resources']

/**
 * A session as callers hold it: counted against the server's slots, watched for idleness and death. Whatever the server
 * says comes through here, and is rid of the gateway's own credentials.
 */
export class PooledSession implements UpstreamSession {
  readonly #inner: UpstreamSession
  readonly #bounds: SessionBounds
  readonly #watcher: SessionWatcher
  readonly #listeners = new Set<(method: string, params: JsonObject) => void>()
  readonly #scrub: Scrub
  readonly info: UpstreamInfo
  readonly #since = performance.now()
  #open = 0
  #calls = 0
  #idle: (() => void)[] = []
  #used = performance.now()
  #ended: number | undefined
  #broken = false

  constructor(inner: UpstreamSession, bounds: SessionBounds, watcher: SessionWatcher) {
    const { scrub } = bounds
    this.#inner = inner
    this.#bounds = bounds
    this.#watcher = watcher
    this.#scrub = scrub
    this.info = scrub.json({ ...inner.info }) as UpstreamInfo
  }

  get program(): JsonObject {
    return this.#inner.program ?? {}
  }

  get closed(): boolean {
    return this.#broken || this.#inner.closed
  }

  get begun(): number {
    return this.#inner.begun ?? 1
  }

  /** It accepts requests and answers none. */
  get silent(): boolean {
    return this.#bounds.breaker.open
  }

  /** Milliseconds for which it lived. */
  get up(): number {
    return (this.#ended ?? performance.now()) - this.#since
  }

  /** Milliseconds since a request was last open. */
  get idleFor(): number {
    return this.#open > 0 ? 0 : performance.now() - this.#used
  }

  /** Somebody is about to use it. */
  touch(): void {
    this.#used = performance.now()
  }

  async request(request: UpstreamRequest): Promise<JsonObject> {
    const { party } = request
    const counted = request.method !== 'subscriptions/listen'
    const { slots, breaker } = this.#bounds
    breaker.check()
    if (counted && !slots.tryEnter(party)) {
      await slots.wait(party, request.signal)
      // What waited behind calls that were never answered must not be the next of them.
      if (breaker.open) {
        slots.leave(party)
        breaker.check()
      }
    }
    this.#open += 1
    if (counted) this.#calls += 1
    try {
      const result = await this.#inner.request(scrubbedRequest(this.#scrub, request))
      this.#watcher.answered()
      return this.#scrub.json(result)
    } catch (error) {
      const told = scrubbedError(this.#scrub, error)
      if (error instanceof RemitError) this.#failed(error, told as RemitError)
      throw told
    } finally {
      this.#open -= 1
      this.#used = performance.now()
      if (counted) this.#left(party)
      if (this.#broken && this.#open === 0) void this.#inner.close()
    }
  }

  /** Resolves when no call is open; streams that stay open are none. */
  async callsEnded(): Promise<void> {
    if (this.#calls === 0) return
    await new Promise<void>((resolve) => {
      this.#idle.push(resolve)
    })
  }

  notify(method: string, params: JsonObject): Promise<void> {
    return this.#inner.notify(method, params)
  }

  onNotification(listener: (method: string, params: JsonObject) => void): () => void {
    this.#listeners.add(listener)
    const stop = this.#inner.onNotification((method, params) => {
      listener(this.#scrub.text(method), this.#scrub.json(params))
    })
    return () => {
      this.#listeners.delete(listener)
      stop()
    }
  }

  /** After a silence: whoever was shown a list without this server's part asks again. */
  revived(): void {
    for (const list of LISTS) {
      if (this.info.capabilities[list] === undefined) continue
      for (const listener of this.#listeners) listener(`notifications/${list}/list_changed`, {})
    }
  }

  close(): Promise<void> {
    this.#ended ??= performance.now()
    return this.#inner.close()
  }

  #left(party: Party | undefined): void {
    this.#bounds.slots.leave(party)
    this.#calls -= 1
    if (this.#calls > 0) return
    const waiting = this.#idle
    this.#idle = []
    for (const done of waiting) done()
  }

  #failed(error: RemitError, told: RemitError): void {
    // Who cancels a call says nothing about the server.
    if (!error.code.startsWith('upstream_')) return
    if (this.#inner.closed) this.#ended ??= performance.now()
    // A refusal of the message itself, not of who sent it: the server may have changed under the session.
    if (error instanceof HttpRefused && [400, 404, 405].includes(error.refusal.status)) this.#broken = true
    this.#watcher.failed(told)
    if (error.code !== 'upstream_timeout') return
    const { breaker, pulseWait } = this.#bounds
    void breaker.suspect(() => takePulse(this.#inner, pulseWait))
  }
}

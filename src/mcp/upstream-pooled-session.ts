import { RemitError } from '../core/errors.ts'
import type { JsonObject } from '../core/json.ts'
import { HttpRefused } from './upstream-http-call.ts'
import type { Slots } from './upstream-slots.ts'
import type { UpstreamInfo, UpstreamRequest, UpstreamSession } from './upstream.ts'

/** Who wants to know how the server fares. */
export interface SessionWatcher {
  answered(): void
  failed(error: RemitError): void
}

/** A session as callers hold it: counted against the server's slots, watched for idleness and death. */
export class PooledSession implements UpstreamSession {
  readonly #inner: UpstreamSession
  readonly #slots: Slots
  readonly #watcher: SessionWatcher
  readonly #since = performance.now()
  #open = 0
  #used = performance.now()
  #ended: number | undefined
  #broken = false

  constructor(inner: UpstreamSession, slots: Slots, watcher: SessionWatcher) {
    this.#inner = inner
    this.#slots = slots
    this.#watcher = watcher
  }

  get info(): UpstreamInfo {
    return this.#inner.info
  }

  get closed(): boolean {
    return this.#broken || this.#inner.closed
  }

  /** Milliseconds for which it lived. */
  get up(): number {
    return (this.#ended ?? performance.now()) - this.#since
  }

  /** Milliseconds since a request was last open. */
  get idleFor(): number {
    return this.#open > 0 ? 0 : performance.now() - this.#used
  }

  async request(request: UpstreamRequest): Promise<JsonObject> {
    const counted = request.method !== 'subscriptions/listen'
    if (counted && !this.#slots.tryEnter()) await this.#slots.wait(request.signal)
    this.#open += 1
    try {
      const result = await this.#inner.request(request)
      this.#watcher.answered()
      return result
    } catch (error) {
      if (error instanceof RemitError) this.#failed(error)
      throw error
    } finally {
      this.#open -= 1
      this.#used = performance.now()
      if (counted) this.#slots.leave()
      if (this.#broken && this.#open === 0) void this.#inner.close()
    }
  }

  notify(method: string, params: JsonObject): Promise<void> {
    return this.#inner.notify(method, params)
  }

  onNotification(listener: (method: string, params: JsonObject) => void): () => void {
    return this.#inner.onNotification(listener)
  }

  close(): Promise<void> {
    return this.#inner.close()
  }

  #failed(error: RemitError): void {
    if (this.#inner.closed) this.#ended ??= performance.now()
    // A refusal of the message itself, not of who sent it: the server may have changed under the session.
    if (error instanceof HttpRefused && [400, 404, 405].includes(error.refusal.status)) this.#broken = true
    this.#watcher.failed(error)
  }
}

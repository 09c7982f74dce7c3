import { RemitError } from '../core/errors.ts'
import { isJsonObject, type JsonObject } from '../core/json.ts'
import type { UpstreamSession } from './upstream.ts'

const FIRST_DELAY = 1_000
const MAX_DELAY = 60_000

export type Tell = (method: string, params: JsonObject) => void

export interface SubscriptionPort {
  readonly tell: Tell
  /** It was broken and is taken again, for as much as is honoured now: changes in between were missed. */
  readonly again: (honoured: JsonObject) => void
}

/**
 * One `subscriptions/listen` that is kept: asked for again, with back-off, whenever it breaks.
 * https://modelcontextprotocol.io/specification/2026-07-28/basic/patterns/subscriptions
 */
export class KeptSubscription {
  /** What the server honours of the filter, as it first said. Rejects when the first try ended without that. */
  readonly acknowledged: Promise<JsonObject>
  readonly #session: UpstreamSession
  readonly #filter: JsonObject
  readonly #port: SubscriptionPort
  readonly #stop = new AbortController()

  constructor(session: UpstreamSession, filter: JsonObject, port: SubscriptionPort) {
    this.#session = session
    this.#filter = filter
    this.#port = port
    const { promise, resolve, reject } = Promise.withResolvers<JsonObject>()
    this.acknowledged = promise
    promise.catch(() => {})
    void this.#keep(resolve, reject)
  }

  stop(): void {
    this.#stop.abort()
  }

  async #keep(
    acknowledged: (honoured: JsonObject) => void,
    failed: (reason: unknown) => void,
  ): Promise<void> {
    const { signal } = this.#stop
    let delay = FIRST_DELAY
    let tries = 0
    while (!signal.aborted) {
      tries += 1
      try {
        await this.#session.request({
          method: 'subscriptions/listen',
          params: { notifications: this.#filter },
          signal,
          clientCapabilities: {},
          onNotification: (method, params) => {
            delay = FIRST_DELAY
            if (method !== 'notifications/subscriptions/acknowledged') return this.#port.tell(method, params)
            const honoured = isJsonObject(params['notifications']) ? params['notifications'] : {}
            acknowledged(honoured)
            if (tries > 1) this.#port.again(honoured)
          },
        })
        failed(endedEarly())
      } catch (error) {
        // Whatever ended it, the subscription is asked for again: the calls themselves tell what is wrong.
        failed(signal.aborted ? endedEarly() : error)
      }
      await pause(delay, signal)
      delay = Math.min(delay * 2, MAX_DELAY)
    }
  }
}

/** Whoever waits for it may ask again. */
function endedEarly(): RemitError {
  return new RemitError('upstream_lost', 'the subscription ended before the server took it; subscribe again')
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve()
      return
    }
    const done = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, milliseconds)
    timer.unref()
    signal.addEventListener('abort', done, { once: true })
  })
}

import { isJsonObject, type JsonObject } from '../core/json.ts'
import type { UpstreamSession } from './upstream.ts'

const FIRST_DELAY = 1_000
const MAX_DELAY = 60_000

/**
 * Keeps a 2026-07-28 subscription to what a server's lists may announce (`subscriptions/listen`), so that
 * `onNotification` hears of changes in both eras. Opened with the first listener, again after it broke.
 */
export class Listener {
  readonly #session: UpstreamSession
  readonly #tell: (method: string, params: JsonObject) => void
  readonly #stop = new AbortController()
  #started = false

  constructor(session: UpstreamSession, tell: (method: string, params: JsonObject) => void) {
    this.#session = session
    this.#tell = tell
  }

  start(): void {
    if (this.#started || this.#stop.signal.aborted) return
    const filter = filterFor(this.#session.info.capabilities)
    if (Object.keys(filter).length === 0) return
    this.#started = true
    void this.#keep(filter)
  }

  stop(): void {
    this.#stop.abort()
  }

  async #keep(filter: JsonObject): Promise<void> {
    let delay = FIRST_DELAY
    while (!this.#stop.signal.aborted) {
      try {
        await this.#session.request({
          method: 'subscriptions/listen',
          params: { notifications: filter },
          signal: this.#stop.signal,
          clientCapabilities: {},
          onNotification: (method, params) => {
            delay = FIRST_DELAY
            if (method !== 'notifications/subscriptions/acknowledged') this.#tell(method, params)
          },
        })
      } catch {
        // Whatever ended it, the subscription is asked for again: the calls themselves tell what is wrong.
      }
      await pause(delay, this.#stop.signal)
      delay = Math.min(delay * 2, MAX_DELAY)
    }
  }
}

function filterFor(capabilities: JsonObject): JsonObject {
  const filter: Record<string, boolean> = {}
  for (const list of ['tools', 'prompts', 'resources']) {
    const offered = capabilities[list]
    if (isJsonObject(offered) && offered['listChanged'] === true) filter[`${list}ListChanged`] = true
  }
  return filter
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

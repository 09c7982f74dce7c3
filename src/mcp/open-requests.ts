import type { ServerKey } from '../core/ids.ts'

/** A request that the door is answering. */
export interface OpenRequest {
  /** The one server that it is for; undefined = not known yet, or several. */
  server: ServerKey | undefined
}

interface Waiter {
  readonly server: ServerKey
  readonly requests: Set<OpenRequest>
  readonly done: () => void
}

/**
 * Requests that are open now, so that a server which is replaced goes only when none of those can reach it any more
 * that began before.
 */
export class OpenRequests {
  readonly #open = new Set<OpenRequest>()
  readonly #waiters = new Set<Waiter>()

  enter(): OpenRequest {
    const request: OpenRequest = { server: undefined }
    this.#open.add(request)
    return request
  }

  /** From here on it concerns this server alone. */
  bind(request: OpenRequest, server: ServerKey): void {
    request.server = server
    if (this.#waiters.size > 0) this.#forget(request, (waiter) => waiter.server !== server)
  }

  leave(request: OpenRequest): void {
    this.#open.delete(request)
    if (this.#waiters.size > 0) this.#forget(request, () => true)
  }

  /** Resolves when every request is over that is open now and may concern this server. */
  ended(server: ServerKey): Promise<void> {
    const requests = new Set([...this.#open].filter((open) => (open.server ?? server) === server))
    if (requests.size === 0) return Promise.resolve()
    return new Promise((done) => {
      this.#waiters.add({ server, requests, done })
    })
  }

  #forget(request: OpenRequest, concerns: (waiter: Waiter) => boolean): void {
    for (const waiter of this.#waiters) {
      if (!concerns(waiter) || !waiter.requests.delete(request) || waiter.requests.size > 0) continue
      this.#waiters.delete(waiter)
      waiter.done()
    }
  }
}

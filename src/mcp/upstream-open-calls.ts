import { isJsonObject, type JsonObject } from '../core/json.ts'
import type { UpstreamCall } from './upstream-call.ts'
import type { UpstreamMessage } from './upstream-message.ts'

const SUBSCRIPTION_ID = 'io.modelcontextprotocol/subscriptionId'

/** The calls of one conversation that wait for an answer, and who gets what arrives. */
export class OpenCalls {
  readonly #calls = new Map<number, UpstreamCall>()
  readonly #listeners = new Set<(method: string, params: JsonObject) => void>()
  /** True = the calls may be of different people, so what names no call is handed to none of them. */
  readonly #shared: boolean

  constructor(shared: boolean) {
    this.#shared = shared
  }

  get size(): number {
    return this.#calls.size
  }

  /** The only open call, if there is exactly one. */
  get sole(): UpstreamCall | undefined {
    if (this.#calls.size !== 1) return undefined
    return this.#calls.values().next().value
  }

  add(call: UpstreamCall): void {
    this.#calls.set(call.id, call)
  }

  delete(call: UpstreamCall): void {
    this.#calls.delete(call.id)
  }

  get(id: unknown): UpstreamCall | undefined {
    return typeof id === 'number' ? this.#calls.get(id) : undefined
  }

  failAll(error: (call: UpstreamCall) => unknown): void {
    for (const call of this.#calls.values()) call.fail(error(call))
  }

  listen(listener: (method: string, params: JsonObject) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  tell(method: string, params: JsonObject): void {
    for (const listener of this.#listeners) listener(method, params)
  }

  /**
   * Gives a message of a stream that all calls share to the call that it belongs to, or to the listeners.
   * @returns false when nobody waits for it.
   */
  route(message: UpstreamMessage): boolean {
    const call = this.#owner(message)
    if (call !== undefined) {
      call.receive(message)
      return true
    }
    if (message.kind !== 'notification') return false
    if (message.method !== 'notifications/progress') this.tell(message.method, message.params)
    return true
  }

  #owner(message: UpstreamMessage): UpstreamCall | undefined {
    if (message.kind === 'response') return this.get(message.id)
    if (message.kind === 'unaddressed') return this.#shared ? undefined : this.sole
    if (message.kind === 'request') return this.#answering()
    if (message.method === 'notifications/progress') return this.get(message.params['progressToken'])
    if (message.method === 'notifications/cancelled') return this.#asking(message.params['requestId'])
    if (message.method === 'notifications/message' && !this.#shared) return this.sole
    const meta = message.params['_meta']
    return isJsonObject(meta) ? this.get(meta[SUBSCRIPTION_ID]) : undefined
  }

  /** Who was asked what the server takes back. */
  #asking(id: unknown): UpstreamCall | undefined {
    return [...this.#calls.values()].find((call) => call.asks(id))
  }

  /** INVARIANT: a request of the server never reaches a client that did not cause it. */
  #answering(): UpstreamCall | undefined {
    if (this.#shared) return undefined
    return [...this.#calls.values()].findLast((call) => call.request.onServerRequest !== undefined)
  }
}

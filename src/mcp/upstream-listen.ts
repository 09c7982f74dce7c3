import { isJsonObject, type Json, type JsonObject } from '../core/json.ts'
import { KeptSubscription, type Tell } from './upstream-subscription.ts'
import { UpstreamRpcError, type UpstreamRequest, type UpstreamSession } from './upstream.ts'
import { withDeadline } from './with-deadline.ts'

/** Milliseconds that a server may take to acknowledge the subscription to a resource. */
const ACKNOWLEDGE_WAIT = 10_000
const DONE: JsonObject = {}
const LISTS = ['tools', 'prompts', 'resources']

/**
 * What a 2026-07-28 server may say unasked, so that `onNotification` and `resources/subscribe` mean the same in both
 * eras: a subscription to changes of its lists, opened with the first listener, and one for each resource.
 */
export class Listener {
  readonly #session: UpstreamSession
  readonly #tell: Tell
  readonly #resources = new Map<string, KeptSubscription>()
  #lists: KeptSubscription | undefined
  #stopped = false
  #begun = 1

  constructor(session: UpstreamSession, tell: Tell) {
    this.#session = session
    this.#tell = tell
  }

  /** Grows when the server no longer honours what it had taken: then nothing that it was told is sure. */
  get begun(): number {
    return this.#begun
  }

  start(): void {
    if (this.#lists !== undefined || this.#stopped) return
    const filter = listFilter(this.#session.info.capabilities)
    if (Object.keys(filter).length > 0)
      this.#lists = this.#keep(filter, (honoured) => this.#missedLists(honoured))
  }

  /** @returns undefined for a request that is none of a subscription to a resource. */
  subscription({ method, params }: UpstreamRequest): Promise<JsonObject> | undefined {
    const { uri } = params
    if (typeof uri !== 'string') return undefined
    if (method === 'resources/subscribe') return this.#subscribe(uri)
    if (method !== 'resources/unsubscribe') return undefined
    this.#drop(uri)
    return Promise.resolve(DONE)
  }

  stop(): void {
    this.#stopped = true
    this.#lists?.stop()
    for (const uri of this.#resources.keys()) this.#drop(uri)
  }

  /** @throws UpstreamRpcError when the server does not honour it. */
  async #subscribe(uri: string): Promise<JsonObject> {
    const known = this.#resources.get(uri)
    const subscription =
      known ?? this.#keep({ resourceSubscriptions: [uri] }, (honoured) => this.#missed(uri, honoured))
    this.#resources.set(uri, subscription)
    try {
      const { resourceSubscriptions } = await withDeadline(subscription.acknowledged, ACKNOWLEDGE_WAIT)
      if (includes(resourceSubscriptions, uri)) return DONE
    } catch (error) {
      this.#drop(uri)
      throw error
    }
    this.#drop(uri)
    throw new UpstreamRpcError(-32602, 'the server does not honour the subscription to this resource')
  }

  #drop(uri: string): void {
    this.#resources.get(uri)?.stop()
    this.#resources.delete(uri)
  }

  /** The resource may have changed while nobody listened. */
  #missed(uri: string, { resourceSubscriptions }: JsonObject): void {
    if (includes(resourceSubscriptions, uri)) this.#tell('notifications/resources/updated', { uri })
    else {
      this.#drop(uri)
      this.#begun += 1
    }
  }

  #missedLists(honoured: JsonObject): void {
    for (const list of LISTS) {
      if (honoured[`${list}ListChanged`] === true) this.#tell(`notifications/${list}/list_changed`, {})
    }
  }

  #keep(filter: JsonObject, again: (honoured: JsonObject) => void): KeptSubscription {
    return new KeptSubscription(this.#session, filter, { tell: this.#tell, again })
  }
}

function includes(honoured: Json | undefined, uri: string): boolean {
  return Array.isArray(honoured) && honoured.includes(uri)
}

function listFilter(capabilities: JsonObject): JsonObject {
  const filter: Record<string, boolean> = {}
  for (const list of LISTS) {
    const offered = capabilities[list]
    if (isJsonObject(offered) && offered['listChanged'] === true) filter[`${list}ListChanged`] = true
  }
  return filter
}

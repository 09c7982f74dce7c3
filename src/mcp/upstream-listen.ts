import { isJsonObject, type JsonObject } from '../core/json.ts'
import { KeptSubscription, type Tell } from './upstream-subscription.ts'
import { UpstreamRpcError, type UpstreamRequest, type UpstreamSession } from './upstream.ts'
import { withDeadline } from './with-deadline.ts'

/** Milliseconds that a server may take to acknowledge the subscription to a resource. */
const ACKNOWLEDGE_WAIT = 10_000
const DONE: JsonObject = {}

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

  constructor(session: UpstreamSession, tell: Tell) {
    this.#session = session
    this.#tell = tell
  }

  start(): void {
    if (this.#lists !== undefined || this.#stopped) return
    const filter = listFilter(this.#session.info.capabilities)
    if (Object.keys(filter).length > 0) this.#lists = this.#keep(filter)
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
    const subscription = known ?? this.#keep({ resourceSubscriptions: [uri] })
    this.#resources.set(uri, subscription)
    try {
      const { resourceSubscriptions } = await withDeadline(subscription.acknowledged, ACKNOWLEDGE_WAIT)
      if (Array.isArray(resourceSubscriptions) && resourceSubscriptions.includes(uri)) return DONE
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

  #keep(filter: JsonObject): KeptSubscription {
    return new KeptSubscription(this.#session, filter, this.#tell)
  }
}

function listFilter(capabilities: JsonObject): JsonObject {
  const filter: Record<string, boolean> = {}
  for (const list of ['tools', 'prompts', 'resources']) {
    const offered = capabilities[list]
    if (isJsonObject(offered) && offered['listChanged'] === true) filter[`${list}ListChanged`] = true
  }
  return filter
}

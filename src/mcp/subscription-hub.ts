import { RemitError } from '../core/errors.ts'
import type { ServerKey } from '../core/ids.ts'
import type { JsonObject } from '../core/json.ts'
import type { Gate } from '../gate/gate.ts'
import type { DoorLimits } from './door-deps.ts'
import { covers, type Naming } from './names.ts'
import { concerns, sessionKey, type Audience, type Owner } from './owner.ts'
import type { ServerEvent, ServerEvents } from './server-events.ts'
import type { Upstream } from './upstream.ts'

/** One stream that wants to hear of changes: a legacy GET stream, or a modern `subscriptions/listen`. */
export interface Subscriber {
  readonly owner: Owner
  readonly naming: Naming
  /** Notification methods that it asked for. */
  readonly methods: ReadonlySet<string>
  /** Exposed URIs of resources that the gate let it subscribe to. */
  readonly uris: ReadonlySet<string>
  send(method: string, params: JsonObject): void
  /** Shows that the stream is alive. */
  beat(): void
  /** @throws RemitError when the token of the stream is no longer good. */
  recheck(): Promise<unknown>
  /** The door closes, or the stream may no longer be heard. */
  end(): void
}

export const TOOLS_CHANGED = 'notifications/tools/list_changed'
export const PROMPTS_CHANGED = 'notifications/prompts/list_changed'
export const RESOURCES_CHANGED = 'notifications/resources/list_changed'
export const RESOURCE_UPDATED = 'notifications/resources/updated'
export const LOG_MESSAGE = 'notifications/message'

const LISTS_CHANGED = [TOOLS_CHANGED, PROMPTS_CHANGED, RESOURCES_CHANGED]

/** Policy reloads come in bursts: one notification says it all. */
const COALESCE = 20

/** Hands what changed to the streams that asked for it, and to no other task's. */
export class SubscriptionHub {
  readonly #subscribers = new Set<Subscriber>()
  readonly #gate: Gate
  readonly #limits: DoorLimits
  readonly #upstreams: ReadonlyMap<ServerKey, Upstream>
  readonly #stops: readonly (() => void)[]
  readonly #heart: NodeJS.Timeout
  #pending: NodeJS.Timeout | undefined

  constructor(deps: {
    gate: Gate
    events: ServerEvents
    limits: DoorLimits
    upstreams: ReadonlyMap<ServerKey, Upstream>
  }) {
    this.#upstreams = deps.upstreams
    this.#gate = deps.gate
    this.#limits = deps.limits
    this.#stops = [
      deps.gate.onListChanged(() => this.#policyChanged()),
      deps.events.on((event) => this.#relay(event)),
    ]
    this.#heart = setInterval(() => {
      for (const subscriber of this.#subscribers) {
        void this.#ifStillGood(subscriber, () => {
          subscriber.beat()
          this.#keepSessions(subscriber)
        })
      }
    }, deps.limits.keepAlive)
    this.#heart.unref()
  }

  /** @throws RemitError `overloaded`. */
  add(subscriber: Subscriber): () => void {
    if (this.#subscribers.size >= this.#limits.subscriptions) {
      throw new RemitError('overloaded', 'too many streams are open; close some or try later')
    }
    this.#subscribers.add(subscriber)
    return () => this.#subscribers.delete(subscriber)
  }

  /** Whether any stream of those who share a session still wants this resource. */
  wants(audience: Audience, uri: string): boolean {
    for (const { owner, uris } of this.#subscribers) {
      if (concerns(audience, owner) && uris.has(uri)) return true
    }
    return false
  }

  /** Whatever lists there are may be others now; a stream whose endpoint is none of these ends. */
  serversChanged(endpoints: ReadonlySet<Naming>): void {
    for (const subscriber of this.#subscribers) {
      void this.#ifStillGood(subscriber, () => {
        for (const method of LISTS_CHANGED) if (subscriber.methods.has(method)) subscriber.send(method, {})
        if (endpoints.has(subscriber.naming)) return
        this.#subscribers.delete(subscriber)
        subscriber.end()
      })
    }
  }

  close(): void {
    clearInterval(this.#heart)
    clearTimeout(this.#pending)
    for (const stop of this.#stops) stop()
    for (const subscriber of this.#subscribers) subscriber.end()
    this.#subscribers.clear()
  }

  /** A task that was revoked or has expired hears nothing more. */
  async #ifStillGood(subscriber: Subscriber, then: () => void): Promise<void> {
    try {
      await subscriber.recheck()
    } catch {
      this.#subscribers.delete(subscriber)
      subscriber.end()
      return
    }
    then()
  }

  /** A session that somebody waits to hear from is not idle. */
  #keepSessions({ uris, naming, owner }: Subscriber): void {
    for (const uri of uris) {
      const located = naming.locateUri(uri)
      const upstream = located === undefined ? undefined : this.#upstreams.get(located.server)
      upstream?.keep?.(sessionKey(owner, upstream.config.session))
    }
  }

  #policyChanged(): void {
    if (this.#pending !== undefined) return
    this.#pending = setTimeout(() => {
      this.#pending = undefined
      for (const subscriber of this.#subscribers) {
        void this.#ifStillGood(subscriber, () => {
          for (const method of LISTS_CHANGED) if (subscriber.methods.has(method)) subscriber.send(method, {})
        })
      }
    }, COALESCE)
    this.#pending.unref()
  }

  #relay(event: ServerEvent): void {
    const { server, audience, method } = event
    // A log message may speak of anybody's call, so where tasks share a session none of them is told.
    if (method === LOG_MESSAGE && audience.task === undefined) return
    // What belongs to no call was permitted by nobody.
    const params = method === LOG_MESSAGE ? this.#gate.screen(undefined, event.params) : event.params
    if (params === undefined) return
    for (const subscriber of this.#subscribers) {
      if (!concerns(audience, subscriber.owner)) continue
      const { naming } = subscriber
      if (!covers(naming, server)) continue
      if (method === RESOURCE_UPDATED) {
        const uri = params['uri']
        const exposed = typeof uri === 'string' ? naming.exposeUri(server, uri) : undefined
        if (exposed !== undefined && subscriber.uris.has(exposed)) subscriber.send(method, { uri: exposed })
      } else if (subscriber.methods.has(method)) {
        subscriber.send(method, method === LOG_MESSAGE ? params : {})
      }
    }
  }
}

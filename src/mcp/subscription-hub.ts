import { RemitError } from '../core/errors.ts'
import type { JsonObject } from '../core/json.ts'
import type { Caller, Gate, ListChange } from '../gate/gate.ts'
import type { Clock } from '../core/clock.ts'
import type { DoorLimits } from './door-deps.ts'
import { lookAtEnd } from './end-timer.ts'
import { covers, type Naming } from './names.ts'
import { concerns, type Audience } from './owner.ts'
import type { SubscriptionHolder, SubscriptionRenewal } from './renew-subscriptions.ts'
import type { ResourceSubscription } from './resource-subscription.ts'
import type { ServerEvent, ServerEvents } from './server-events.ts'

/** One stream that wants to hear of changes: a legacy GET stream, or a modern `subscriptions/listen`. */
export interface Subscriber extends Pick<SubscriptionHolder, 'owner' | 'resources'> {
  readonly naming: Naming
  /** Notification methods that it asked for. */
  readonly methods: ReadonlySet<string>
  send(method: string, params: JsonObject): void
  /** Shows that the stream is alive. */
  beat(): void
  /** @throws RemitError when the token of the stream is no longer good. */
  recheck(): Promise<Caller>
  /** The door closes, or the stream may no longer be heard. */
  end(): void
  /** One of its resources was dropped, which the client did not ask for. */
  resourceLost(): void
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
  /** With the timer for the end of the token or task of each. */
  readonly #subscribers = new Map<Subscriber, NodeJS.Timeout>()
  readonly #gate: Gate
  readonly #limits: DoorLimits
  readonly #clock: Clock
  readonly #renewal: SubscriptionRenewal
  readonly #stops: readonly (() => void)[]
  readonly #heart: NodeJS.Timeout
  #pending: NodeJS.Timeout | undefined
  #changes: ListChange[] = []

  constructor(deps: {
    gate: Gate
    events: ServerEvents
    limits: DoorLimits
    clock: Clock
    renewal: SubscriptionRenewal
  }) {
    this.#clock = deps.clock
    this.#renewal = deps.renewal
    this.#gate = deps.gate
    this.#limits = deps.limits
    this.#stops = [
      deps.gate.onListChanged((change) => {
        this.#changes.push(change)
        this.#soon()
      }),
      deps.gate.onAuthorityEnded(() => this.#soon()),
      deps.events.on((event) => this.#relay(event)),
    ]
    this.#heart = setInterval(() => {
      this.#each((subscriber, caller) => {
        subscriber.beat()
        this.#renew(subscriber, caller)
      })
    }, deps.limits.keepAlive)
    this.#heart.unref()
  }

  /** @param caller whose stream it is. @throws RemitError `overloaded`. */
  add(subscriber: Subscriber, caller: Caller): () => void {
    if (this.#subscribers.size >= this.#limits.subscriptions) {
      throw new RemitError('overloaded', 'too many streams are open; close some or try later')
    }
    this.#endAt(subscriber, caller)
    // What a client of the initialize era subscribed to lives longer than its streams.
    this.#renew(subscriber, caller)
    return () => {
      this.#remove(subscriber)
    }
  }

  /** Whether any stream of those who share a session still wants this resource. */
  wants(audience: Audience, { server, uri }: Pick<ResourceSubscription, 'server' | 'uri'>): boolean {
    for (const { owner, resources } of this.#subscribers.keys()) {
      if (!concerns(audience, owner)) continue
      for (const each of resources.values()) if (each.server === server && each.uri === uri) return true
    }
    return false
  }

  /** Whatever lists there are may be others now; a stream whose endpoint is none of these ends. */
  serversChanged(endpoints: ReadonlySet<Naming>): void {
    this.#each((subscriber, caller) => {
      sayListsChanged(subscriber)
      if (endpoints.has(subscriber.naming)) this.#renew(subscriber, caller)
      else this.#end(subscriber)
    })
  }

  close(): void {
    clearInterval(this.#heart)
    clearTimeout(this.#pending)
    for (const stop of this.#stops) stop()
    for (const subscriber of this.#subscribers.keys()) this.#end(subscriber)
  }

  #each(work: (subscriber: Subscriber, caller: Caller) => void): void {
    for (const subscriber of this.#subscribers.keys()) void this.#ifStillGood(subscriber, work)
  }

  /** A task that was revoked, stopped or has expired hears nothing more. */
  async #ifStillGood(
    subscriber: Subscriber,
    work: (subscriber: Subscriber, caller: Caller) => void,
  ): Promise<void> {
    let caller: Caller
    try {
      caller = await subscriber.recheck()
    } catch {
      this.#end(subscriber)
      return
    }
    if (!this.#subscribers.has(subscriber)) return
    this.#endAt(subscriber, caller)
    work(subscriber, caller)
  }

  /** The stream is looked at again when its token or task ends, which nobody tells. */
  #endAt(subscriber: Subscriber, { until }: Caller): void {
    clearTimeout(this.#subscribers.get(subscriber))
    const timer = lookAtEnd(this.#clock, until, () => {
      void this.#ifStillGood(subscriber, () => {})
    })
    this.#subscribers.set(subscriber, timer)
  }

  #end(subscriber: Subscriber): void {
    this.#remove(subscriber)
    subscriber.end()
  }

  #remove(subscriber: Subscriber): void {
    clearTimeout(this.#subscribers.get(subscriber))
    this.#subscribers.delete(subscriber)
  }

  /** Also keeps the sessions that somebody waits to hear from. */
  #renew(subscriber: Subscriber, caller: Caller): void {
    const { owner, resources } = subscriber
    if (resources.size === 0) return
    const updated = (uri: string): void => subscriber.send(RESOURCE_UPDATED, { uri })
    const lost = (): void => subscriber.resourceLost()
    void this.#renewal.check({ owner, resources, updated, lost }, caller)
  }

  #soon(): void {
    if (this.#pending !== undefined) return
    this.#pending = setTimeout(() => {
      this.#pending = undefined
      const changes = this.#changes
      this.#changes = []
      this.#each((subscriber, caller) => {
        if (changes.some((change) => bearsOn(change, subscriber, caller))) sayListsChanged(subscriber)
      })
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
    for (const subscriber of this.#subscribers.keys()) {
      if (!concerns(audience, subscriber.owner)) continue
      const { naming } = subscriber
      if (!covers(naming, server)) continue
      if (method === RESOURCE_UPDATED) {
        const uri = params['uri']
        const exposed = typeof uri === 'string' ? naming.exposeUri(server, uri) : undefined
        if (exposed !== undefined && subscriber.resources.has(exposed))
          subscriber.send(method, { uri: exposed })
      } else if (subscriber.methods.has(method)) {
        subscriber.send(method, method === LOG_MESSAGE ? params : {})
      }
    }
  }
}

function bearsOn({ server, root }: ListChange, { naming }: Subscriber, { chain }: Caller): boolean {
  const top = chain.ancestors.at(-1) ?? chain.task
  return (server === undefined || covers(naming, server)) && (root === undefined || root === top.id)
}

function sayListsChanged(subscriber: Subscriber): void {
  for (const method of LISTS_CHANGED) if (subscriber.methods.has(method)) subscriber.send(method, {})
}

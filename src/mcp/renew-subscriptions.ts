import { asRemitError, RemitError } from '../core/errors.ts'
import type { Caller } from '../gate/gate.ts'
import { callFor } from './build-call.ts'
import type { Catalogue } from './catalogue.ts'
import type { DoorDeps } from './door-deps.ts'
import type { Owner } from './owner.ts'
import { isKnown, toldTo, type ResourceSubscription, type Subscriptions } from './resource-subscription.ts'
import { settlementOf } from './settlement.ts'
import { takesSubscriptions } from './subscribe-resource.ts'
import { UpstreamRpcError, type UpstreamSession } from './upstream.ts'

/** Whose subscriptions they are, and how to tell what became of them. */
export interface SubscriptionHolder {
  readonly owner: Owner
  readonly resources: Subscriptions
  /** It may have changed while nobody listened. */
  updated(exposed: string): void
  /** It is dropped. */
  lost(exposed: string): void
}

/**
 * Makes subscriptions to resources again that their servers no longer know: because another session leads there now, or
 * the same one was begun anew. Each is decided and on record as the first time; what is refused now is dropped.
 */
export class SubscriptionRenewal {
  readonly #deps: DoorDeps
  readonly #catalogue: Catalogue
  readonly #running = new WeakSet<ResourceSubscription>()

  constructor(deps: DoorDeps, catalogue: Catalogue) {
    this.#deps = deps
    this.#catalogue = catalogue
  }

  /** Looks through all of one holder. Never rejects; a server that cannot be reached is for the next time. */
  async check(holder: SubscriptionHolder, caller: Caller): Promise<void> {
    await Promise.all(
      [...holder.resources].map(async ([exposed, subscription]) => {
        if (this.#running.has(subscription)) return
        this.#running.add(subscription)
        try {
          await this.#checkOne(holder, caller, { exposed, subscription })
        } catch (thrown) {
          this.#failed(holder, { exposed, subscription }, thrown)
        } finally {
          this.#running.delete(subscription)
        }
      }),
    )
  }

  async #checkOne(
    holder: SubscriptionHolder,
    caller: Caller,
    { exposed, subscription }: { readonly exposed: string; readonly subscription: ResourceSubscription },
  ): Promise<void> {
    const { owner, resources } = holder
    const { server, uri } = subscription
    const session = await this.#catalogue.session(server, owner)
    if (isKnown(subscription, session)) return
    if (!takesSubscriptions(session)) {
      throw new RemitError('method_unknown', 'the server takes no subscriptions to resources any more')
    }
    const told = toldTo(session)
    await this.#subscribe(session, { owner, caller, subscription })
    subscription.told = told
    if (resources.get(exposed) === subscription) {
      holder.updated(exposed)
      return
    }
    // The client let go of it meanwhile.
    const params = { uri }
    const signal = NEVER
    await session.request({ method: 'resources/unsubscribe', params, signal, clientCapabilities: {} })
  }

  /** @throws RemitError with which the gate answers, and what the session throws. */
  async #subscribe(
    session: UpstreamSession,
    of: { readonly owner: Owner; readonly caller: Caller; readonly subscription: ResourceSubscription },
  ): Promise<void> {
    const { server, uri, correlation } = of.subscription
    const wanted = { kind: 'resource', server, tool: uri, arguments: {} } as const
    const call = callFor(this.#deps.serverSettings, wanted, correlation)
    const verdict = await this.#deps.gate.authorize(of.caller, call, NEVER)
    // A human who agreed to the first one has not agreed to this one; nobody waits here to be told.
    if (verdict.effect !== 'allow') throw new Refused(verdict.error)
    const settlement = settlementOf({ deps: this.#deps }, verdict.decisionId)
    try {
      const result = await session.request({
        method: 'resources/subscribe',
        params: { uri },
        signal: verdict.stopped,
        party: of.owner,
        headers: verdict.credentials.headers,
        clientCapabilities: {},
      })
      settlement.settle({ status: 'ok', result }, 0)
    } catch (thrown) {
      settlement.failed(thrown, verdict.stopped.aborted)
      throw thrown
    }
  }

  #failed(
    holder: SubscriptionHolder,
    { exposed, subscription }: { readonly exposed: string; readonly subscription: ResourceSubscription },
    thrown: unknown,
  ): void {
    const { server } = subscription
    const refused = thrown instanceof Refused
    const { code, message, detail } = refused ? thrown.error : asRemitError(thrown)
    const byServer = thrown instanceof UpstreamRpcError
    const forGood = refused || byServer || code === 'tool_unknown' || code === 'method_unknown'
    const log = byServer
      ? { server, code: thrown.rpcCode, detail: 'the server refused it' }
      : { server, code, detail: detail ?? message }
    if (!forGood) {
      this.#deps.log.log('info', 'resource subscription not made again yet', log)
      return
    }
    if (holder.resources.get(exposed) !== subscription) return
    holder.resources.delete(exposed)
    this.#deps.log.log('warn', 'resource subscription dropped', log)
    holder.lost(exposed)
  }
}

/** By the gate. */
class Refused extends Error {
  readonly error: RemitError

  constructor(error: RemitError) {
    super(error.message)
    this.error = error
  }
}

const NEVER = new AbortController().signal

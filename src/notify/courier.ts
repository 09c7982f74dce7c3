import type { ApprovalStore } from '../approvals/approval-store.ts'
import type { Journal } from '../audit/journal.ts'
import type { Clock, Entropy } from '../core/clock.ts'
import { type Delivery, isAlert } from '../core/delivery.ts'
import type { TenantId } from '../core/ids.ts'
import type { Log } from '../core/log.ts'
import type { NewRecord } from '../core/record.ts'
import { backOff } from './back-off.ts'
import { Untold, type Channel } from './channel.ts'
import type { OutboxStore } from './outbox-store.ts'

/** How long whoever took a delivery has it for itself, in ms: longer than any attempt may last. */
const LEASE = 120_000
/** Of one channel at a time: one that hangs holds up nobody else's. */
const AT_ONCE = 4
const MOST = 100
/** What nobody can be told for so long is forgotten, in ms. */
const ORPHANED = 86_400_000

export interface CourierDeps {
  readonly tenant: TenantId
  readonly channels: readonly Channel[]
  readonly outbox: OutboxStore
  readonly approvals: ApprovalStore
  readonly journal: Journal
  readonly clock: Clock
  readonly entropy: Entropy
  readonly log: Log
  /** What is put on record when a channel was told in vain for the last time. */
  readonly givenUp: (delivery: Delivery, why: string) => NewRecord
}

/**
 * Tells channels what the outbox holds, at least once: whoever of several replicas takes a delivery has it for two
 * minutes, and what it did not get rid of by then is taken again.
 */
export class Courier {
  readonly #deps: CourierDeps

  constructor(deps: CourierDeps) {
    this.#deps = deps
  }

  /** Everything that is due now, once. Answers with how many were told. */
  async round(): Promise<number> {
    const told = await Promise.all(this.#deps.channels.map((channel) => this.#serve(channel)))
    return told.reduce((sum, each) => sum + each, 0)
  }

  /** Forgets what is addressed to channels that are long gone from the configuration. */
  async forgetOrphans(): Promise<void> {
    const { tenant, outbox, clock, channels } = this.#deps
    const known = new Set(channels.map(({ name }) => name))
    for (const each of await outbox.due(tenant, { now: clock.now() - ORPHANED, limit: MOST })) {
      if (!known.has(each.channel)) await this.#giveUp(each, 'no such channel is configured')
    }
  }

  async #serve(channel: Channel): Promise<number> {
    const { tenant, outbox, clock } = this.#deps
    const due = [...(await outbox.due(tenant, { channel: channel.name, now: clock.now(), limit: MOST }))]
    let told = 0
    const work = async (): Promise<void> => {
      for (let next = due.shift(); next !== undefined; next = due.shift()) {
        if (await this.#attempt(channel, next)) told += 1
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, work))
    return told
  }

  async #attempt(channel: Channel, found: Delivery): Promise<boolean> {
    const { clock } = this.#deps
    const tell = await this.#telling(channel, found)
    if (tell === undefined) {
      await this.#remove(found)
      return false
    }
    const mine = next(found, { due: clock.now() + LEASE, attempts: found.attempts + 1 })
    if (!(await this.#put(mine))) return false
    try {
      await tell()
    } catch (error) {
      await this.#failed(mine, error)
      return false
    }
    await this.#remove(mine)
    return true
  }

  /** Undefined = there is nothing to tell any more: nobody has to be asked about what no longer waits. */
  async #telling(channel: Channel, delivery: Delivery): Promise<(() => Promise<void>) | undefined> {
    if (isAlert(delivery)) return () => channel.alert(delivery)
    const { approvals, clock, tenant } = this.#deps
    const approval = await approvals.get(tenant, delivery.approval)
    const late = approval?.state !== 'pending' || approval.expires <= clock.now()
    if (approval === undefined || (late && delivery.event === 'approval.requested')) return undefined
    return () => channel.tell(delivery, approval)
  }

  async #failed(delivery: Delivery, error: unknown): Promise<void> {
    const { clock, entropy, log } = this.#deps
    const why = error instanceof Error ? error.message : String(error)
    const wait = backOff(delivery.attempts, (entropy.bytes(1)[0] ?? 0) / 255)
    const { channel, event, attempts } = delivery
    log.log('warn', 'notice.failed', { channel, event, ...aboutOf(delivery), attempts, reason: why })
    const untold = error instanceof Untold ? error : undefined
    if (wait === undefined || untold?.final === true) {
      await this.#giveUp(delivery, why)
      return
    }
    await this.#put(next(delivery, { due: clock.now() + Math.max(wait, untold?.retryAfter ?? 0) }))
  }

  async #giveUp(delivery: Delivery, why: string): Promise<void> {
    const { tenant, id, revision } = delivery
    await this.#deps.journal.commit({
      records: [this.#deps.givenUp(delivery, why)],
      changes: [{ kind: 'remove-delivery', tenant, id, revision }],
    })
  }

  async #remove({ tenant, id, revision }: Delivery): Promise<void> {
    await this.#deps.journal.commit({
      records: [],
      changes: [{ kind: 'remove-delivery', tenant, id, revision }],
    })
  }

  async #put(delivery: Delivery): Promise<boolean> {
    const changes = [{ kind: 'put-delivery' as const, delivery }]
    return (await this.#deps.journal.commit({ records: [], changes })) === 'committed'
  }
}

/** What an undelivered notice was about, for log and record. */
export function aboutOf(delivery: Delivery): { readonly approval: string } | { readonly about: string } {
  return isAlert(delivery) ? { about: delivery.alert.id } : { approval: delivery.approval }
}

function next(delivery: Delivery, change: Partial<Pick<Delivery, 'due' | 'attempts'>>): Delivery {
  return { ...delivery, ...change, revision: delivery.revision + 1 }
}

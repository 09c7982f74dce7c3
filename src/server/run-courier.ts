import { newId } from '../core/ids.ts'
import { adminRecord } from '../gate/admin-records.ts'
import type { GateDeps } from '../gate/gate-deps.ts'
import { aboutOf, Courier } from '../notify/courier.ts'
import type { Cleanup } from './cleanup.ts'
import type { Foundation } from './open-foundation.ts'

const EVERY_MS = 1_000

/** Tells channels what happened, from the outbox: at once what this replica did, within a second what others did. */
export function runCourier(
  { channels, store, tenant, log }: Foundation,
  gate: Pick<GateDeps, 'events' | 'settings' | 'clock' | 'entropy'>,
  cleanup: Cleanup,
): void {
  if (channels.length === 0) return
  const { clock, entropy, settings } = gate
  const courier = new Courier({
    ...store,
    tenant,
    channels,
    clock,
    entropy,
    log,
    givenUp: (delivery, why) =>
      adminRecord(settings, {
        kind: 'notice.failed',
        id: newId('ntc', entropy.bytes(16)),
        at: clock.now(),
        data: {
          channel: delivery.channel,
          event: delivery.event,
          ...aboutOf(delivery),
          attempts: delivery.attempts,
        },
        detail: { comment: why },
      }),
  })
  const rounds = new Rounds(courier, log)
  const timer = setInterval(() => {
    rounds.start()
  }, EVERY_MS)
  timer.unref()
  const stop = gate.events.onApproval(() => {
    rounds.start()
  })
  cleanup.add('channels', async () => {
    clearInterval(timer)
    stop()
    await rounds.end()
  })
}

/** One at a time. */
class Rounds {
  readonly #courier: Courier
  readonly #log: Foundation['log']
  #running: Promise<void> | undefined
  #again = false
  #ended = false

  constructor(courier: Courier, log: Foundation['log']) {
    this.#courier = courier
    this.#log = log
    this.#running = this.#run(() => courier.forgetOrphans())
  }

  start(): void {
    if (this.#ended) return
    if (this.#running === undefined) this.#running = this.#run(() => this.#courier.round())
    else this.#again = true
  }

  async end(): Promise<void> {
    this.#ended = true
    await this.#running
  }

  async #run(work: () => Promise<unknown>): Promise<void> {
    try {
      await work()
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      this.#log.log('warn', 'channels.round', { reason })
    }
    this.#running = undefined
    if (!this.#again) return
    this.#again = false
    this.start()
  }
}

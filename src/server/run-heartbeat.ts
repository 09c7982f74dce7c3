import type { LedgerAnswer } from '../api/ledger-contract.ts'
import type { RecordKind } from '../core/record.ts'
import type { Cleanup } from './cleanup.ts'
import type { Foundation } from './open-foundation.ts'
import { SYSTEM_CLOCK } from './system-clock.ts'

type Silences = LedgerAnswer['silences']

/** Beats that may be late or lost before it counts as silence. */
const MISSED = 3
const MOST_KEPT = 10

/** Puts a heartbeat on record (`ledger.heartbeat`) at an interval, and remembers when none could be. */
export class Heartbeat {
  readonly #foundation: Pick<Foundation, 'record' | 'log'>
  readonly #interval: number
  #last: number
  #silences: Silences

  /** @param before silence that was found at the start. */
  constructor(foundation: Pick<Foundation, 'record' | 'log'>, interval: number, before: Silences) {
    this.#foundation = foundation
    this.#interval = interval
    this.#silences = before
    this.#last = SYSTEM_CLOCK.now()
  }

  get silences(): Silences {
    return this.#silences
  }

  /** Never throws: a ledger that takes nothing is silent, which the next beat that it takes shows. */
  async beat(): Promise<void> {
    const { record, log } = this.#foundation
    try {
      await record('ledger.heartbeat', { interval: this.#interval, pid: process.pid })
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      log.log('warn', 'ledger.no_heartbeat', { reason })
      return
    }
    const now = SYSTEM_CLOCK.now()
    if (now - this.#last > MISSED * this.#interval) {
      this.#silences = [...this.#silences, between(this.#last, now)].slice(-MOST_KEPT)
    }
    this.#last = now
  }
}

/** Before the start is on record. */
export async function silenceBefore({ store, tenant, loaded }: Foundation): Promise<Silences> {
  const newest = async (kind?: RecordKind): Promise<{ readonly index: number; readonly at: number }> => {
    const query = kind === undefined ? { tenant, limit: 1 } : { tenant, limit: 1, kind }
    const [record] = await store.records.query(query)
    return { index: record?.index ?? -1, at: Date.parse(record?.envelope.at ?? '') }
  }
  const [last, started, beat, stopped] = await Promise.all([
    newest(),
    newest('gateway.started'),
    newest('ledger.heartbeat'),
    newest('gateway.stopped'),
  ])
  const now = SYSTEM_CLOCK.now()
  const ran = Math.max(started.index, beat.index) > stopped.index
  return ran && now - last.at > MISSED * loaded.config.ledger.heartbeat ? [between(last.at, now)] : []
}

export function runHeartbeat(foundation: Foundation, before: Silences, cleanup: Cleanup): Heartbeat {
  const { heartbeat: interval } = foundation.loaded.config.ledger
  const heartbeat = new Heartbeat(foundation, interval, before)
  let beating: Promise<void> | undefined
  const timer = setInterval(() => {
    beating ??= heartbeat.beat().finally(() => {
      beating = undefined
    })
  }, interval)
  timer.unref()
  cleanup.add('heartbeat', async () => {
    clearInterval(timer)
    await beating
  })
  return heartbeat
}

function between(from: number, until: number): Silences[number] {
  return { from: new Date(from).toISOString(), until: new Date(until).toISOString() }
}

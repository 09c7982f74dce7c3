import { newId } from '../core/ids.ts'
import { CursorBook } from '../streams/export-cursor.ts'
import { LedgerCourier } from '../streams/ledger-courier.ts'
import type { Cleanup } from './cleanup.ts'
import { type SinkPlace, sinkOf } from './export-sink.ts'
import type { Foundation } from './open-foundation.ts'
import { packageVersion } from './package-version.ts'
import { SYSTEM_CLOCK, SYSTEM_ENTROPY } from './system-clock.ts'

const EVERY_MS = 1_000
/** A place that hangs does not hold up the end: what it took and nobody noted is sent again. */
const GRACE_MS = 1_000

/** Follows the ledger for every place that the configuration names, each by itself, until the gateway stops. */
export function runExports({ couriers, log }: Foundation, cleanup: Cleanup): void {
  if (couriers.length === 0) return
  const running = new Map<LedgerCourier, Promise<void>>()
  const round = async (courier: LedgerCourier): Promise<void> => {
    try {
      await courier.round()
    } catch (error) {
      log.log('warn', 'export.round', { reason: error instanceof Error ? error.message : String(error) })
    }
    running.delete(courier)
  }
  const timer = setInterval(() => {
    for (const courier of couriers) if (!running.has(courier)) running.set(courier, round(courier))
  }, EVERY_MS)
  timer.unref()
  cleanup.add('exports', async () => {
    clearInterval(timer)
    for (const courier of couriers) courier.stop()
    const grace = new Promise((resolve) => {
      setTimeout(resolve, GRACE_MS).unref()
    })
    const end = async (): Promise<void> => {
      await Promise.all(running.values())
      await Promise.all(couriers.map((courier) => courier.close()))
    }
    await Promise.race([end(), grace])
  })
}

export type CourierPlace = SinkPlace & Pick<Foundation, 'tenant' | 'store' | 'log'>

export function openCouriers(place: CourierPlace): readonly LedgerCourier[] {
  const { loaded, tenant, store, log } = place
  const holder = newId('rep', SYSTEM_ENTROPY.bytes(16))
  return Object.entries(loaded.config.exports).map(([name, config]) => {
    const { format, content, signals, kinds, from, batch } = config
    return new LedgerCourier({
      tenant,
      sink: sinkOf(name, config, place),
      cursor: new CursorBook({ tenant, sink: name, entries: store.logins, journal: store.journal }),
      records: store.records,
      clock: SYSTEM_CLOCK,
      log,
      holder,
      alone: store.writer === undefined,
      filter: kinds === undefined ? {} : { kinds: new Set(kinds) },
      encoding: { format, content, signals, version: packageVersion() },
      from,
      most: batch,
    })
  })
}

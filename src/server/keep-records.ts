import type { AdministrationDeps } from '../gate/administration-deps.ts'
import { createErasures } from '../gate/erasure/create-erasures.ts'
import type { Erasures } from '../gate/erasure/erasures.ts'
import { resumeErasures } from '../gate/erasure/order-erasure.ts'
import { Retention } from '../gate/erasure/retention.ts'
import type { Cleanup } from './cleanup.ts'
import type { Foundation } from './open-foundation.ts'

/** The first look comes when the gateway has served for a while. */
const FIRST = 60_000
const EVERY = 3_600_000

/** Erasures by order, the rest of those that were cut off, and what is to be kept only for a time. */
export function keepRecords(
  { store, loaded, log }: Pick<Foundation, 'store' | 'loaded' | 'log'>,
  administration: AdministrationDeps,
  cleanup: Cleanup,
): Erasures {
  const deps = { ...administration, holds: store.holds }
  const failed = (error: unknown): void => {
    log.log('error', 'erasure.failed', { reason: String(error) })
  }
  const resumed = resumeErasures(deps).catch(failed)
  cleanup.add('erasures', () => resumed)
  const { keep } = loaded.config.ledger
  if (keep.payload !== undefined || keep.detail !== undefined) {
    const { payload, detail } = keep
    const retention = new Retention(deps, {
      ...(payload === undefined ? {} : { payload }),
      ...(detail === undefined ? {} : { detail }),
    })
    let timer: NodeJS.Timeout
    const look = async (): Promise<void> => {
      await retention.look().catch(failed)
      timer = setTimeout(() => void look(), EVERY).unref()
    }
    timer = setTimeout(() => void look(), FIRST).unref()
    cleanup.add('retention', () => {
      clearTimeout(timer)
    })
  }
  return createErasures(deps)
}

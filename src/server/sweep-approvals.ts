import { expireApprovals } from '../gate/expire-approvals.ts'
import type { GateDeps } from '../gate/gate-deps.ts'
import type { Cleanup } from './cleanup.ts'

const EVERY_MS = 5_000

/** Ends what has run out while nobody asks. A sweep that fails is tried again; nothing is decided by it. */
export function sweepApprovals(deps: GateDeps, cleanup: Cleanup): void {
  const timer = setInterval(() => {
    expireApprovals(deps).catch((error: unknown) => {
      deps.log.log('warn', 'approvals.sweep', {
        error: error instanceof Error ? error.message : String(error),
      })
    })
  }, EVERY_MS)
  timer.unref()
  cleanup.add('approval sweep', () => {
    clearInterval(timer)
  })
}

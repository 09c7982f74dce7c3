import { expireApprovals } from '../gate/expire-approvals.ts'
import type { GateDeps } from '../gate/gate-deps.ts'
import { EscalationTeller } from '../gate/tell-escalations.ts'
import type { Cleanup } from './cleanup.ts'

const EVERY_MS = 5_000

/** Ends what has run out while nobody asks, and tells of what others may decide as well by now. A sweep that fails is tried again; nothing is decided by it. */
export function sweepApprovals(deps: GateDeps, cleanup: Cleanup): void {
  const failed = (error: unknown): void => {
    const message = error instanceof Error ? error.message : String(error)
    deps.log.log('warn', 'approvals.sweep', { error: message })
  }
  const teller = new EscalationTeller(deps)
  let telling = false
  const timer = setInterval(() => {
    expireApprovals(deps).catch(failed)
    if (telling) return
    telling = true
    teller
      .tell()
      .catch(failed)
      .finally(() => {
        telling = false
      })
  }, EVERY_MS)
  timer.unref()
  cleanup.add('approval sweep', () => {
    clearInterval(timer)
  })
}

import type { GateEvents } from '../gate/gate-events.ts'
import type { LedgerStore } from '../store/store.ts'
import type { Cleanup } from './cleanup.ts'

const EVERY = 1_000

/**
 * Where other replicas may stop what has calls out here, it is looked for every second. What it decides is only whether a
 * call is cancelled: no new one is recorded after its authority ended, however old the news is.
 */
export function followEndings(
  { store, events }: { readonly store: Pick<LedgerStore, 'writer'>; readonly events: GateEvents },
  cleanup: Cleanup,
): void {
  if (store.writer === undefined) return
  const timer = setInterval(() => {
    events.authorityEnded()
  }, EVERY)
  timer.unref()
  cleanup.add('endings', () => {
    clearInterval(timer)
  })
}

import type { ServerKey, TenantId } from '../core/ids.ts'
import { NOTHING_STOPPED, stoppedServers, type Standing } from '../core/standing.ts'
import type { Log } from '../core/log.ts'
import type { GateEvents } from '../gate/gate-events.ts'
import type { LedgerStore } from '../store/store.ts'
import type { Cleanup } from './cleanup.ts'

const EVERY = 1_000

export interface EndingSources {
  readonly store: Pick<LedgerStore, 'writer' | 'tasks'>
  readonly events: GateEvents
  readonly tenant: TenantId
  readonly log: Log
}

/**
 * Where other replicas may stop what has calls and streams out here, it is looked for every second. What it decides is
 * only whether a call is cancelled or a stream ends: no new call is recorded after its authority ended, however old the
 * news is.
 */
export function followEndings(sources: EndingSources, cleanup: Cleanup): void {
  if (sources.store.writer === undefined) return
  const look = watchEndings(sources)
  const timer = setInterval(() => void look(), EVERY)
  timer.unref()
  cleanup.add('endings', () => {
    clearInterval(timer)
  })
}

/** @returns what looks once, and tells what is new since the last time; it never rejects. */
export function watchEndings({ store, events, tenant, log }: EndingSources): () => Promise<void> {
  let seen: Standing = NOTHING_STOPPED
  /** What was recorded just before an ending may only be among the open calls a moment later. */
  let lookedOnce = false
  const toldHere = new Set<ServerKey>()
  events.onListChanged(({ server }) => {
    if (server !== undefined) toldHere.add(server)
  })
  return async () => {
    try {
      const standing = await store.tasks.standing(tenant)
      const changed = standing.revision !== seen.revision
      if (changed || !lookedOnce) events.authorityEnded()
      for (const server of changedServers(seen, standing)) {
        if (!toldHere.has(server)) events.listChanged({ server })
      }
      toldHere.clear()
      lookedOnce = !changed
      seen = standing
    } catch (error) {
      log.log('warn', 'endings.not_followed', { reason: String(error) })
    }
  }
}

function changedServers(before: Standing, after: Standing): readonly ServerKey[] {
  const [were, are] = [stoppedServers(before), stoppedServers(after)]
  const changed = [
    ...were.filter((server) => !are.includes(server)),
    ...are.filter((server) => !were.includes(server)),
  ]
  return changed.map((server) => server as ServerKey)
}

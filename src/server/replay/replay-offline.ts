import { SILENT } from '../../core/log.ts'
import type { ReplayFilter } from '../../gate/replay/replay-filter.ts'
import type { ReplayReport } from '../../gate/replay/replay-report.ts'
import type { TaskStore } from '../../identity/task-store.ts'
import { loadPolicyBundle, type PolicyBundle } from '../../policy/load-policy-set.ts'
import { openSqliteReader } from '../../store/sqlite/open-sqlite-reader.ts'
import { loadPack, packFolder } from '../load-pack.ts'
import { existingLedger, openLedger, type OfflineLedger } from '../offline-ledger.ts'
import { ownPolicyCache } from '../own-policy-cache.ts'
import { policyLocations } from '../policy-locations.ts'
import { stateOf } from '../state-of.ts'
import { loadSelected } from '../tenants/select-tenant.ts'
import { exportedDecisions, storedDecisions, type PastDecisions } from './past-decisions.ts'
import { replayDecisions } from './replay-decisions.ts'

export interface OfflineReplay {
  /** Folder of the policies to try. */
  readonly policies: string
  /** With what they are compared: what is on record, or the configured policies. */
  readonly against: 'record' | 'current'
  readonly filter: ReplayFilter
  readonly progress?: (records: number) => void
}

/**
 * What other policies would have made of the ledger’s decisions, from its files or an export of it; no gateway need run.
 * @throws RemitError `state_unreadable`, `config_invalid`, `policy_invalid`.
 */
export async function replayOffline(where: OfflineLedger, replay: OfflineReplay): Promise<ReplayReport> {
  const candidate = await loadPack(packFolder(where.cwd, replay.policies), where)
  const baseline = replay.against === 'current' ? await currentPolicies(where) : undefined
  return withPast(where, (past) =>
    replayDecisions(past, { ...replay, candidate, baseline, now: () => Date.now() }),
  )
}

/** The configured policies. */
export function currentPolicies(where: OfflineLedger): Promise<PolicyBundle> {
  const loaded = loadSelected(where)
  const state = stateOf(loaded)
  const { cacheDir: _, ...locations } = policyLocations(loaded, state.policyCache)
  return loadPolicyBundle({ ...locations, ...ownPolicyCache(state) })
}

/** Opens the decisions of the past for as long as they are read. */
export async function withPast<T>(
  where: OfflineLedger,
  read: (past: PastDecisions) => Promise<T>,
): Promise<T> {
  const { source, tenant, live } = await openLedger(where)
  try {
    if (!live) return await read(exportedDecisions(source, tenant))
    const reader = await openTasks(where)
    try {
      return await read(storedDecisions(source, reader.tasks, tenant))
    } finally {
      reader.close()
    }
  } finally {
    source.close()
  }
}

async function openTasks(
  where: OfflineLedger,
): Promise<{ readonly tasks: Pick<TaskStore, 'get'>; close(): void }> {
  const loaded = loadSelected(where)
  const { store } = loaded.config
  if (store === 'sqlite') return openSqliteReader(existingLedger(stateOf(loaded)))
  const { openPostgresReader } = await import('../../store/postgres/open-postgres-store.ts')
  return openPostgresReader({ url: store, log: SILENT })
}

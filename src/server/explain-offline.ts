import type { TenantId } from '../core/ids.ts'
import { SILENT } from '../core/log.ts'
import { explainPastDecision, type PastDecision } from '../gate/explain-past-decision.ts'
import { loadPolicySet } from '../policy/load-policy-set.ts'
import { PolicyArchive } from '../policy/policy-archive.ts'
import { openSqliteReader } from '../store/sqlite/open-sqlite-reader.ts'
import type { ConfigLocation } from './load-config.ts'
import { existingLedger } from './offline-ledger.ts'
import { ownPolicyCache } from './own-policy-cache.ts'
import { policyLocations } from './policy-locations.ts'
import { stateOf } from './state-of.ts'
import { loadSelected } from './tenants/select-tenant.ts'

/**
 * Explains a decision from the ledger's files and the configured policies alone; no gateway need run, and one
 * that runs is not disturbed.
 * @throws RemitError `decision_unknown`, `state_unreadable`, `config_invalid`, `policy_invalid`.
 */
export async function explainOffline(where: ConfigLocation, id: string): Promise<PastDecision> {
  const loaded = loadSelected(where)
  const state = stateOf(loaded)
  const { cacheDir: _, ...locations } = policyLocations(loaded, state.policyCache)
  const { store } = loaded.config
  const reader =
    store === 'sqlite'
      ? openSqliteReader(existingLedger(state))
      : (await import('../store/postgres/open-postgres-store.ts')).openPostgresReader({
          url: store,
          log: SILENT,
        })
  try {
    const current = await loadPolicySet({ ...locations, ...ownPolicyCache(state) })
    const archive = new PolicyArchive(state.policyArchive)
    const find = async (hash: string) => (await archive.find(hash))?.set
    const tenant = loaded.config.tenant as TenantId
    return await explainPastDecision({ ...reader, tenant, policies: { current: () => current, find } }, id)
  } finally {
    reader.close()
  }
}

import { join, resolve } from 'node:path'
import type { LoadedConfig } from './load-config.ts'
import { type StateFolder, stateFolderAt } from './state-folder.ts'

/**
 * Where everything of a configuration lies. A tenant of an installation has its own folder in the installation's; the
 * ledger and the copies of its checkpoints, which are told apart by tenant, are the installation's.
 */
export function stateOf(loaded: Pick<LoadedConfig, 'config' | 'folder' | 'installation'>): StateFolder {
  const { config, folder, installation } = loaded
  if (installation === undefined) return stateFolderAt(resolve(folder, config.state))
  return tenantState(stateOf(installation), config.tenant)
}

export function tenantState(installation: StateFolder, tenant: string): StateFolder {
  const { ledger, checkpoints, tenants } = installation
  return { ...stateFolderAt(join(tenants, tenant)), ledger, checkpoints }
}

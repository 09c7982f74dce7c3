import { join } from 'node:path'
import { DEFAULT_PACK, policyLocations } from '../policy-locations.ts'
import type { LoadedConfig } from '../load-config.ts'
import { stateOf } from '../state-of.ts'
import { loadTenant, tenantFile } from './load-tenant.ts'

/** What belongs to the other tenants of an installation: no agent may touch it. Absolute paths. */
export interface Neighbours {
  readonly folders: readonly string[]
  readonly files: readonly string[]
}

export const NOBODY: Neighbours = { folders: [], files: [] }

/** Of all tenants of the installation, its own too; whose file cannot be read is known by it alone. */
export function neighboursIn(installation: LoadedConfig): Neighbours {
  const names = Object.keys(installation.config.tenants)
  const tenants = names.flatMap((name) => tryTo(() => [loadTenant(installation, name)]) ?? [])
  const folders = [installation, ...tenants].flatMap((loaded) => policyLocations(loaded, '').folders)
  return {
    folders: [stateOf(installation).root, ...folders.filter((folder) => folder !== DEFAULT_PACK)],
    files: [
      installation.file ?? join(installation.folder, 'remit.yaml'),
      ...names.map((name) => tenantFile(installation, name)),
    ],
  }
}

function tryTo<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}

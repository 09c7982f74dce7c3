import type { KeyObject } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { KeyFiles } from '../custody/key-files.ts'
import { CHECKPOINT_KEY, loadKeys } from '../keys.ts'
import type { LoadedConfig } from '../load-config.ts'
import { makeStateFolder, type StateFolder } from '../state-folder.ts'
import { tenantState } from '../state-of.ts'

/**
 * Keys that sign the checkpoints of tenants: of all that are configured, and of those that once were, whose ledgers are
 * still there.
 * @throws RemitError `key_unusable`, `state_unreadable`.
 */
export function tenantCheckpointKeys(
  installation: StateFolder,
  { config }: LoadedConfig,
  files: KeyFiles,
): ReadonlyMap<string, KeyObject> {
  const names = new Set([...Object.keys(config.tenants), ...tenantsWithKeys(installation, files)])
  return new Map(
    [...names].map((name) => {
      const { keys } = makeStateFolder(tenantState(installation, name))
      return [name, loadKeys(keys, files).checkpoint.privateKey]
    }),
  )
}

function tenantsWithKeys(installation: StateFolder, files: KeyFiles): readonly string[] {
  if (!existsSync(installation.tenants)) return []
  return readdirSync(installation.tenants).filter(
    (name) => files.writtenAt(join(tenantState(installation, name).keys, CHECKPOINT_KEY)) !== undefined,
  )
}

import type { Log } from '../core/log.ts'
import { openSqliteStore } from '../store/sqlite/open-sqlite-store.ts'
import type { LedgerStore } from '../store/store.ts'
import type { KeyFiles } from './custody/key-files.ts'
import type { Keys } from './keys.ts'
import type { LoadedConfig } from './load-config.ts'
import type { StateFolder } from './state-folder.ts'
import { tenantCheckpointKeys } from './tenants/tenant-keys.ts'

export interface OwnPlace {
  readonly state: StateFolder
  readonly keys: Keys
  readonly keyFiles: KeyFiles
}

/** The store that a configuration names, open for writing. @throws RemitError as the store’s opening. */
export async function openStore(
  { loaded, log }: { readonly loaded: LoadedConfig; readonly log: Log },
  { state, keys, keyFiles }: OwnPlace,
): Promise<LedgerStore> {
  const { store } = loaded.config
  const common = {
    checkpointFolder: state.checkpoints,
    signingKey: keys.checkpoint.privateKey,
    tenantKeys: tenantCheckpointKeys(state, loaded, keyFiles),
    log,
  }
  if (store === 'sqlite') {
    return openSqliteStore({ ...common, file: state.ledger })
  }
  // Its driver is a twentieth of what a start loads, and most installations need none.
  const { openPostgresStore } = await import('../store/postgres/open-postgres-store.ts')
  return openPostgresStore({ ...common, url: store })
}

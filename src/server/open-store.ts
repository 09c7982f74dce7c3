import { join } from 'node:path'
import { RemitError } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import { openSqliteStore } from '../store/sqlite/open-sqlite-store.ts'
import type { KeyHandover } from '../store/key-handover.ts'
import type { LedgerStore } from '../store/store.ts'
import type { KeyFiles } from './custody/key-files.ts'
import { type Keys, NEXT_CHECKPOINT_KEY } from './keys.ts'
import type { LoadedConfig } from './load-config.ts'
import { tenantState } from './state-of.ts'
import type { StateFolder } from './state-folder.ts'
import { tenantCheckpointKeys } from './tenants/tenant-keys.ts'

export interface OwnPlace {
  readonly state: StateFolder
  readonly keys: Keys
  readonly keyFiles: KeyFiles
  /** Present while the key of a ledger is changed. */
  readonly handover?: KeyHandover
}

/** The store that a configuration names, open for writing. @throws RemitError as the store’s opening. */
export async function openStore(
  { loaded, log }: { readonly loaded: LoadedConfig; readonly log: Log },
  { state, keys, keyFiles, handover }: OwnPlace,
): Promise<LedgerStore> {
  const { store } = loaded.config
  if (handover === undefined) refuseUnfinished(state, loaded, keyFiles)
  const common = {
    checkpointFolder: state.checkpoints,
    signingKey: keys.checkpoint.privateKey,
    tenantKeys: tenantCheckpointKeys(state, loaded, keyFiles),
    log,
    ...(handover && { handover }),
  }
  if (store === 'sqlite') {
    return openSqliteStore({ ...common, file: state.ledger })
  }
  // Its driver is a twentieth of what a start loads, and most installations need none.
  const { openPostgresStore } = await import('../store/postgres/open-postgres-store.ts')
  return openPostgresStore({ ...common, url: store })
}

/** A record may say already that another key signs. */
function refuseUnfinished(state: StateFolder, { config }: LoadedConfig, files: KeyFiles): void {
  const folders = [state, ...Object.keys(config.tenants).map((name) => tenantState(state, name))]
  const unfinished = folders.find(
    ({ keys }) => files.writtenAt(join(keys, NEXT_CHECKPOINT_KEY)) !== undefined,
  )
  if (unfinished === undefined) return
  throw new RemitError(
    'key_unusable',
    `a change of the ledger’s key was not finished in \`${unfinished.keys}\`; run \`remit audit rotate-key\` again`,
  )
}

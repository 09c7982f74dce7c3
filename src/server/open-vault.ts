import type { Change } from '../core/change.ts'
import { newId, type TenantId } from '../core/ids.ts'
import { partsOf } from '../credentials/oauth/token-entry.ts'
import { type SecretEvent, SecretVault } from '../credentials/secret-vault.ts'
import { adminRecord } from '../gate/admin-records.ts'
import type { LedgerStore } from '../store/store.ts'
import type { KeyFiles } from './custody/key-files.ts'
import type { Environ } from './load-config.ts'
import { protectionReport } from './protection.ts'
import { loadSecretKeys } from './secret-keys.ts'
import { SYSTEM_CLOCK, SYSTEM_ENTROPY } from './system-clock.ts'

export interface VaultPlace {
  readonly tenant: TenantId
  readonly store: LedgerStore
  /** Folder of the master key. */
  readonly keys: string
  readonly keyFiles: KeyFiles
  readonly environ: Environ
  readonly learned: (value: string, name: string) => void
}

/** The encrypted store, each change of which is on record. @throws RemitError `key_unusable`. */
export function openVault({
  tenant,
  store,
  keys,
  keyFiles,
  environ,
  learned,
}: VaultPlace): Promise<SecretVault> {
  const { level: protection } = protectionReport()
  const record = ({ kind, by, name, version, data }: SecretEvent) =>
    adminRecord(
      { tenant, protection },
      {
        kind,
        id: newId('sec', SYSTEM_ENTROPY.bytes(16)),
        at: SYSTEM_CLOCK.now(),
        actor: by,
        data: { ...(partsOf(name) ?? { name }), version, ...data },
      },
    )
  return SecretVault.open({
    tenant,
    store: store.secrets,
    keys: loadSecretKeys(keys, environ, keyFiles),
    now: () => SYSTEM_CLOCK.now(),
    commit: (changes: readonly Change[], events) =>
      store.journal.commit({ records: events.map(record), changes }),
    learned,
  })
}

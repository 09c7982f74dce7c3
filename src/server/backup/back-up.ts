import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import type { KeyObject } from 'node:crypto'
import { basename, dirname, join, resolve } from 'node:path'
import type { TenantId } from '../../core/ids.ts'
import { asRemitError, RemitError } from '../../core/errors.ts'
import { SILENT } from '../../core/log.ts'
import type { StoreSnapshot } from '../../store/snapshot.ts'
import { snapshotDatabase } from '../../store/sqlite/snapshot-database.ts'
import { openKeyFiles } from '../custody/open-key-files.ts'
import { loadKeys } from '../keys.ts'
import type { ConfigLocation, LoadedConfig } from '../load-config.ts'
import { ownLedgerKey } from '../ledger-keys.ts'
import { existingLedger } from '../offline-ledger.ts'
import { openStore } from '../open-store.ts'
import { packageVersion } from '../package-version.ts'
import type { StateFolder } from '../state-folder.ts'
import { stateOf, tenantState } from '../state-of.ts'
import { SYSTEM_CLOCK } from '../system-clock.ts'
import { loadTenant } from '../tenants/load-tenant.ts'
import { loadInstallation } from '../tenants/select-tenant.ts'
import { BACKUP_FORMAT, type BackupHeader } from './backup-format.ts'
import { configFiles, plainStateFiles, privateStateFiles } from './backup-places.ts'
import { backupRecord, newBackupId } from './backup-records.ts'
import { writeBackup } from './take-backup.ts'
import { unpackBackup } from './unpack-backup.ts'
import { DATABASE, holdsAlone, keysOf } from './verify-backup.ts'

export interface BackupWish extends ConfigLocation {
  readonly output: string
  /** Absent = no keys go along. */
  readonly passphrase?: string | undefined
  /** Tells the gateway that runs, so that it has the backup on record. */
  readonly note: (backup: { readonly id: string; readonly keys: boolean }) => Promise<void>
}

export interface BackupReport {
  readonly file: string
  readonly id: string
  readonly sha256: string
  readonly keys: boolean
  readonly tenants: readonly { readonly tenant: string; readonly records: number }[]
  /** What the configuration names and the backup does not hold. */
  readonly left: readonly string[]
}

/**
 * Copies an installation as it is at one moment into one file, whether or not gateways run, and verifies what it wrote.
 * @throws RemitError `state_unreadable`, `key_unusable`, `config_invalid`, `ledger_broken`, and what `note` throws.
 */
export async function backUp(wish: BackupWish): Promise<BackupReport> {
  const loaded = loadInstallation(wish)
  const { config } = loaded
  const state = stateOf(loaded)
  if (config.store === 'sqlite') existingLedger(state)
  const publicKeys = publicKeysOf(state, loaded)
  const file = resolve(wish.cwd, wish.output)
  // Before anything is put on record.
  if (existsSync(file)) throw new RemitError('input_invalid', `\`${file}\` is there already; name a new file`)
  const backup = { id: newBackupId(), keys: wish.passphrase !== undefined }
  await record(loaded, backup, wish)
  const tenants = Object.keys(config.tenants).map((name) => loadTenant(loaded, name))
  const { files, left } = configFiles(loaded, tenants)
  const secret =
    wish.passphrase === undefined
      ? undefined
      : { files: privateStateFiles(state), passphrase: wish.passphrase }
  const plain = plainStateFiles(state)
  const snapshot = await openSnapshot(loaded, state)
  try {
    const header: BackupHeader = {
      'remit-backup': BACKUP_FORMAT,
      ...backup,
      at: new Date(SYSTEM_CLOCK.now()).toISOString(),
      release: packageVersion(),
      store: config.store === 'sqlite' ? 'sqlite' : 'postgres',
      version: snapshot.version,
      tenant: config.tenant,
      publicKeys,
    }
    let checked: Checked | undefined
    const contents = { header, config: files, state: plain, snapshot, ...(secret && { secret }) }
    await writeBackup(file, contents, async (temporary) => {
      checked = await check(temporary, { header, ...wish })
    })
    return { file, ...backup, sha256: '', tenants: [], ...checked, left }
  } finally {
    await snapshot.close()
  }
}

type Checked = Pick<BackupReport, 'sha256' | 'tenants'>

/** Reads the finished file as a restoration would, beside it. */
async function check(
  temporary: string,
  { header, passphrase }: { readonly header: BackupHeader; readonly passphrase?: string | undefined },
): Promise<Checked> {
  const folder = mkdtempSync(join(dirname(temporary), `.${basename(temporary)}-`))
  try {
    const { sha256 } = await unpackBackup(temporary, { folder, database: DATABASE, passphrase })
    const { tenants } = await holdsAlone(folder, { header, keys: keysOf(header) })
    return { sha256, tenants: tenants.map(({ tenant, records }) => ({ tenant, records })) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** By the gateway that runs, else here. A copy that nobody would know of is not made. */
async function record(
  loaded: LoadedConfig,
  backup: { readonly id: string; readonly keys: boolean },
  { environ, note }: BackupWish,
): Promise<void> {
  const state = stateOf(loaded)
  const keyFiles = await openKeyFiles(loaded, environ)
  const own = { state, keyFiles, keys: loadKeys(state.keys, keyFiles) }
  try {
    const store = await openStore({ loaded, log: SILENT }, own)
    try {
      const made = backupRecord(loaded.config.tenant as TenantId, 'remit:cli', backup)
      await store.journal.commit({ records: [made], changes: [] })
    } finally {
      await store.close()
    }
  } catch (thrown) {
    if (asRemitError(thrown).code !== 'state_locked') throw thrown
    await note(backup)
  }
}

async function openSnapshot({ config }: LoadedConfig, state: StateFolder): Promise<StoreSnapshot> {
  if (config.store === 'sqlite') return snapshotDatabase(existingLedger(state))
  const { snapshotPostgres } = await import('../../store/postgres/snapshot-postgres.ts')
  return snapshotPostgres({ url: config.store, log: SILENT })
}

function publicKeysOf(state: StateFolder, { config }: LoadedConfig): BackupHeader['publicKeys'] {
  const own = ownLedgerKey(state)
  if (own === undefined) {
    throw new RemitError(
      'key_unusable',
      `there is no checkpoint key in \`${state.keys}\`, so the backup could not be verified; put it back first`,
    )
  }
  const keys: Record<string, string> = { '': pemOf(own) }
  for (const tenant of Object.keys(config.tenants)) {
    const key = ownLedgerKey(tenantState(state, tenant))
    if (key !== undefined) keys[tenant] = pemOf(key)
  }
  return keys
}

function pemOf(key: KeyObject): string {
  return key.export({ type: 'spki', format: 'pem' })
}

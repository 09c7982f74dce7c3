import {
  closeSync,
  cpSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import type { KeyObject } from 'node:crypto'
import { sameKey } from '../../audit/verifier-key.ts'
import { RemitError } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import { SILENT } from '../../core/log.ts'
import { CheckpointFiles } from '../../store/checkpoint-files.ts'
import { lockState } from '../../store/sqlite/open-database.ts'
import { type ConfigLocation, type LoadedConfig, parseConfig } from '../load-config.ts'
import { formerLedgerKeys, namedLedgerKeys, ownLedgerKey } from '../ledger-keys.ts'
import { writePrivateFile } from '../private-file.ts'
import { openStateFolder, type StateFolder, stateFolderAt } from '../state-folder.ts'
import { tenantState } from '../state-of.ts'
import { SYSTEM_CLOCK, SYSTEM_ENTROPY } from '../system-clock.ts'
import { loadInstallation } from '../tenants/select-tenant.ts'
import { type BackupHeader, readBackup } from './backup-format.ts'
import { type Restored, restoredFile } from './backup-records.ts'
import { findLost } from './find-lost.ts'
import { syncFolder } from './take-backup.ts'
import { rowsOfBackup, type Unpacked, unpackBackup } from './unpack-backup.ts'
import { DATABASE, holdsAlone, keysOf, type LedgerKeys } from './verify-backup.ts'

const CONFIG_FILE = 'remit.yaml'

export interface RestoreWish extends ConfigLocation {
  readonly input: string
  /** PEM of the public checkpoint key, from a place that whoever holds the backup cannot write to. */
  readonly publicKey?: string | undefined
  /** Asked for where the backup holds keys; undefined = they are left out. */
  readonly passphrase: () => Promise<string | undefined>
  /** What is there is moved aside. */
  readonly force: boolean
  /** Records that were signed after the backup was made are given up. */
  readonly acceptRollback: boolean
}

export interface RestoreReport {
  readonly backup: string
  readonly made: string
  readonly state: string
  readonly tenants: readonly { readonly tenant: string; readonly records: number }[]
  readonly lost: Restored['lost']
  /** Where what was there lies now. */
  readonly before?: string
  /** Files of the configuration that were written, and those that were there and are others. */
  readonly written: readonly string[]
  readonly kept: readonly string[]
  /** Whether the state folder has the key of its ledger. */
  readonly keyed: boolean
  /** That key took the place of the one that signed the backup: the ledger needs the former one, or another change. */
  readonly keyOfLater: boolean
  /** Only the key in the backup itself spoke for it. */
  readonly selfSigned: boolean
  /** Copies of checkpoints were there that the backup could be compared with. */
  readonly compared: boolean
}

/**
 * Puts an installation back as a backup has it. Everything is read, checked and made beside the state folder first; what is
 * there is touched last, by renaming.
 * @throws RemitError `backup_unusable`, `ledger_broken`, `restore_refused`, `state_locked`, `ledger_unavailable`.
 */
export async function restoreBackup(wish: RestoreWish): Promise<RestoreReport> {
  const path = resolve(wish.cwd, wish.input)
  const { header, ownConfig } = await readBeginning(path)
  const target = targetOf(wish, header, ownConfig)
  const state = stateFolderAt(target.state)
  refuseOccupied(state, wish)
  const passphrase = header.keys ? await wish.passphrase() : undefined
  mkdirSync(dirname(state.root), { recursive: true })
  const unlock = header.store === 'sqlite' && existsSync(state.ledger) ? lockState(state.ledger) : undefined
  const folder = mkdtempSync(`${state.root}.restoring-`)
  try {
    const unpacked = await unpackBackup(path, { folder, database: DATABASE, passphrase })
    return await finish({ wish, path, folder, unpacked, state, target })
  } finally {
    unlock?.()
    rmSync(folder, { recursive: true, force: true })
  }
}

interface Prepared {
  readonly wish: RestoreWish
  readonly path: string
  readonly folder: string
  readonly unpacked: Unpacked
  readonly state: StateFolder
  readonly target: Target
}

async function finish(prepared: Prepared): Promise<RestoreReport> {
  const { wish, path, folder, unpacked, state, target } = prepared
  const { header } = unpacked
  const known = knownKeys(wish, state, header)
  const keys = known ?? keysOf(header)
  const { tenants } = await holdsAlone(folder, { header, keys })
  const lost = await findLost(folder, { header, keys, checkpoints: state.checkpoints, tenants })
  if (Object.keys(lost).length > 0 && !wish.acceptRollback) throw rolledBack(lost)
  const compared =
    new CheckpointFiles(existsSync(state.checkpoints) ? state.checkpoints : undefined).tenants().length > 0
  // To the millisecond: what was moved aside by a restoration a moment ago lies under its own.
  const stamp = new Date(SYSTEM_CLOCK.now()).toISOString().replaceAll(/[^0-9]/g, '')
  completeState(prepared)
  const restored = {
    id: newId('rst', SYSTEM_ENTROPY.bytes(16)),
    at: SYSTEM_CLOCK.now(),
    backup: header.id,
    from: header.at,
    lost,
  } satisfies Restored
  writePrivateFile(restoredFile(folder), JSON.stringify(restored))
  if (header.store === 'postgres') {
    const { loadPostgres } = await import('../../store/postgres/load-postgres.ts')
    const moveTo = wish.force ? `remit_before_${stamp}` : undefined
    await loadPostgres(
      { url: target.store, log: SILENT, version: header.version, moveTo },
      rowsOfBackup(path, unpacked.sha256),
    )
  }
  const before = await swap(folder, state.root, `${state.root}.before-${stamp}`)
  const { written, kept } = writeConfig(target.folder, unpacked.config)
  return {
    backup: header.id,
    made: header.at,
    state: state.root,
    tenants: tenants.map(({ tenant, records }) => ({ tenant, records })),
    lost,
    ...(before === undefined ? {} : { before }),
    written,
    kept,
    keyed: ownLedgerKey(state) !== undefined,
    keyOfLater: isKeyOfLater(header, state),
    selfSigned: known === undefined,
    compared,
  }
}

interface Target {
  /** Absolute path of the state folder. */
  readonly state: string
  readonly store: string
  /** Of the configuration. */
  readonly folder: string
}

/** By the configuration that is there, else by the backup’s own. */
function targetOf(wish: RestoreWish, header: BackupHeader, ownConfig: string | undefined): Target {
  const loaded = loadInstallation(wish)
  const found = loaded.file === undefined ? configOf(wish, loaded, ownConfig) : loaded
  const { store, state } = found.config
  if ((store === 'sqlite') !== (header.store === 'sqlite')) {
    throw new RemitError(
      'restore_refused',
      `the backup is of a gateway on ${header.store}, and the configuration names ${store === 'sqlite' ? 'sqlite' : 'postgres'}; set \`store\` to what it was`,
    )
  }
  return { store, state: resolve(found.folder, state), folder: found.folder }
}

function configOf(
  wish: RestoreWish,
  none: LoadedConfig,
  text: string | undefined,
): Pick<LoadedConfig, 'config' | 'folder'> {
  if (text === undefined) return none
  return { ...parseConfig(CONFIG_FILE, text, wish.environ), folder: none.folder }
}

/** The configuration comes first in a backup, so that the rest is made where it belongs. */
async function readBeginning(
  path: string,
): Promise<{ readonly header: BackupHeader; readonly ownConfig: string | undefined }> {
  const { header, entries } = await readBackup(path)
  const parts: Buffer[] = []
  for await (const { entry } of entries) {
    if (!('file' in entry) || entry.file.place !== 'config') break
    if (entry.file.path === CONFIG_FILE) parts.push(Buffer.from(entry.file.content, 'base64'))
  }
  return { header, ownConfig: parts.length === 0 ? undefined : Buffer.concat(parts).toString('utf8') }
}

function refuseOccupied({ root }: StateFolder, { force }: RestoreWish): void {
  if (force || !existsSync(root) || readdirSync(root).length === 0) return
  throw new RemitError(
    'restore_refused',
    `the state folder \`${root}\` is not empty; give \`--force\` to move it aside, or name another`,
  )
}

/**
 * A key that did not come with the backup: named, or of the state folder that is there. Where that changed its key since, the one
 * that the backup says it had counts, if the folder remembers it.
 */
function knownKeys(
  { publicKey, cwd }: RestoreWish,
  state: StateFolder,
  header: BackupHeader,
): LedgerKeys | undefined {
  if (publicKey !== undefined) {
    const [key, ...alsoTrusted] = namedLedgerKeys(cwd, [publicKey])
    return key === undefined ? undefined : { publicKey: key, tenantKey: () => undefined, alsoTrusted }
  }
  const own = ownLedgerKey(state)
  if (own === undefined) return undefined
  const named = keysOf(header)
  return {
    publicKey: ofItsTime(state, named.publicKey) ?? own,
    tenantKey: (tenant) => {
      const place = tenantState(state, tenant)
      return ofItsTime(place, named.tenantKey(tenant)) ?? ownLedgerKey(place)
    },
    alsoTrusted: [own, ...formerLedgerKeys(state)],
  }
}

function ofItsTime(place: StateFolder, named: KeyObject | undefined): KeyObject | undefined {
  return named && formerLedgerKeys(place).find((former) => sameKey(former, named))
}

/** Whether the key that is there now is not the one that the restored ledger goes on under. */
function isKeyOfLater(header: BackupHeader, state: StateFolder): boolean {
  const own = ownLedgerKey(state)
  return own !== undefined && !sameKey(own, keysOf(header).publicKey)
}

/** What the backup does not hold comes from the state folder that is there: keys above all. */
function completeState({ folder, unpacked, state }: Prepared): void {
  if (unpacked.header.store === 'postgres') rmSync(join(folder, DATABASE))
  for (const name of ['-wal', '-shm']) rmSync(join(folder, `${DATABASE}${name}`), { force: true })
  for (const { path, content } of unpacked.secret ?? []) {
    const target = join(folder, path)
    mkdirSync(dirname(target), { recursive: true, mode: 0o700 })
    writePrivateFile(target, content)
  }
  const theirs = new Set([DATABASE, `${DATABASE}-wal`, `${DATABASE}-shm`, `${DATABASE}-lock`, 'checkpoints'])
  for (const name of existsSync(state.root) ? readdirSync(state.root) : []) {
    if (theirs.has(name) || name === basename(state.gateway)) continue
    cpSync(join(state.root, name), join(folder, name), {
      recursive: true,
      force: false,
      verbatimSymlinks: true,
      preserveTimestamps: true,
    })
  }
  openStateFolder(folder)
}

function rolledBack(lost: Restored['lost']): RemitError {
  const each = Object.entries(lost).map(
    ([tenant, { had, has }]) => `\`${tenant}\` had ${had} records, and the backup has ${has} of them`,
  )
  return new RemitError(
    'restore_refused',
    `this is a rollback: ${each.join('; ')}. Tasks that were revoked since would run again, approvals that were used could be used again. Give \`--accept-rollback\` to go on; it is put on record`,
  )
}

/** @returns where what was there lies now; undefined = nothing was. */
async function swap(folder: string, root: string, aside: string): Promise<string | undefined> {
  const there = existsSync(root)
  syncTree(folder)
  if (there) renameSync(root, aside)
  try {
    renameSync(folder, root)
  } catch (error) {
    if (there) renameSync(aside, root)
    throw error
  }
  await syncFolder(dirname(root))
  return there ? aside : undefined
}

/** Names in folders are durable once the folders are; the files are already. */
function syncTree(folder: string): void {
  if (process.platform === 'win32') return
  for (const { name, parentPath } of readdirSync(folder, { withFileTypes: true, recursive: true }).filter(
    (each) => each.isDirectory() || each.isFile(),
  )) {
    syncPath(join(parentPath, name))
  }
  syncPath(folder)
}

function syncPath(path: string): void {
  const handle = openSync(path, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

function writeConfig(
  folder: string,
  files: ReadonlyMap<string, Buffer>,
): Pick<RestoreReport, 'written' | 'kept'> {
  const written: string[] = []
  const kept: string[] = []
  for (const [path, content] of files) {
    const target = join(folder, path)
    if (existsSync(target)) {
      if (!readFileSync(target).equals(content)) kept.push(target)
      continue
    }
    mkdirSync(dirname(target), { recursive: true })
    writePrivateFile(target, content)
    written.push(target)
  }
  return { written, kept }
}

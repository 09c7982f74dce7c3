import { createPublicKey, generateKeyPairSync, type KeyObject, createPrivateKey } from 'node:crypto'
import { appendFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { checkpointOrigin, verifyCheckpoint } from '../audit/checkpoint.ts'
import { keyChangeData } from '../audit/key-change.ts'
import { sameKey, verifierKeyText } from '../audit/verifier-key.ts'
import { asRemitError, RemitError } from '../core/errors.ts'
import { newId, type TenantId } from '../core/ids.ts'
import { SILENT } from '../core/log.ts'
import { adminRecord } from '../gate/admin-records.ts'
import type { KeyHandover } from '../store/key-handover.ts'
import type { KeyFiles } from './custody/key-files.ts'
import { openKeyFiles } from './custody/open-key-files.ts'
import { CHECKPOINT_KEY, FORMER_CHECKPOINT_KEYS, loadKeys, NEXT_CHECKPOINT_KEY } from './keys.ts'
import { formerLedgerKeys, namedLedgerKeys } from './ledger-keys.ts'
import type { ConfigLocation, LoadedConfig } from './load-config.ts'
import { openStoredLedger } from './offline-ledger.ts'
import { openStore } from './open-store.ts'
import { protectionReport } from './protection.ts'
import { makeStateFolder } from './state-folder.ts'
import { stateOf } from './state-of.ts'
import { SYSTEM_CLOCK, SYSTEM_ENTROPY } from './system-clock.ts'
import { loadSelected } from './tenants/select-tenant.ts'

export interface LedgerKeyRotation extends ConfigLocation {
  /** File with the public half of a key that was lost; absent = the old key is there and signs the change. */
  readonly lost?: string | undefined
}

export interface RotatedLedgerKey {
  readonly tenant: string
  /** Verifier keys. */
  readonly old: string
  readonly new: string
}

/**
 * Gives a tenant's ledger another key while no gateway runs: a record that both keys sign, and a checkpoint over it that
 * both sign too; only then does the new key take the place of the old one. Begun again where it was cut off.
 * @throws RemitError `state_locked` while a gateway runs, `key_unusable`, `ledger_*`.
 */
export async function rotateLedgerKey(where: LedgerKeyRotation): Promise<RotatedLedgerKey> {
  const loaded = loadSelected(where)
  const place: Place = {
    tenant: loaded.config.tenant as TenantId,
    folder: makeStateFolder(stateOf(loaded)).keys,
    installation: loaded.installation ?? loaded,
    files: await openKeyFiles(loaded, where.environ),
  }
  const { tenant } = place
  const begun = place.files.writtenAt(join(place.folder, NEXT_CHECKPOINT_KEY)) !== undefined
  const next = nextKey(place)
  let old: KeyObject
  try {
    old = where.lost === undefined ? await handOver(place, next) : await takeOver(place, where, next)
  } catch (error) {
    // Nothing was written: the gateway that runs may start again as it is.
    if (asRemitError(error).code === 'state_locked' && !begun) forgetNext(place)
    throw error
  }
  finish(place, next)
  const name = checkpointOrigin(tenant)
  return { tenant, old: verifierKeyText(name, old), new: verifierKeyText(name, next) }
}

interface Place {
  readonly tenant: TenantId
  /** Where the tenant's keys lie. */
  readonly folder: string
  readonly installation: LoadedConfig
  readonly files: KeyFiles
}

async function handOver(place: Place, next: KeyObject): Promise<KeyObject> {
  const { tenant, folder, files } = place
  const { privateKey: old, publicKey } = loadKeys(folder, files).checkpoint
  // All was done but for the last step.
  const former = formerLedgerKeys({ keys: folder }).at(-1)
  if (sameKey(publicKey, next) && former !== undefined) return former
  await record(place, keyChangeData(tenant, old, next), { tenant, signAlso: next })
  const note = await newestCheckpoint(place)
  const check = verifyCheckpoint(note ?? '', [publicKey, createPublicKey(next)])
  if (!check.ok || check.by.length < 2) {
    throw new RemitError(
      'ledger_unavailable',
      'the change of key is on record, but no checkpoint over it was signed; run the command again',
    )
  }
  remember(place, publicKey)
  return publicKey
}

async function takeOver(
  place: Place,
  { cwd, lost = '' }: LedgerKeyRotation,
  next: KeyObject,
): Promise<KeyObject> {
  const { tenant, folder, files } = place
  const [old] = namedLedgerKeys(cwd, [lost])
  if (old === undefined) throw new RemitError('key_unusable', `\`${lost}\` holds no key`)
  if (files.writtenAt(join(folder, CHECKPOINT_KEY)) !== undefined) {
    const { publicKey } = loadKeys(folder, files).checkpoint
    if (sameKey(publicKey, old)) {
      throw new RemitError(
        'key_unusable',
        `the key is not lost, it lies in \`${folder}\`; leave out \`--lost\``,
      )
    }
  }
  // What a start made in place of the lost key has signed nothing.
  files.write(join(folder, CHECKPOINT_KEY), pemOf(next))
  await record(place, keyChangeData(tenant, old, next), { tenant, accept: old })
  remember(place, old)
  return old
}

async function record(
  { tenant, installation, files }: Place,
  data: ReturnType<typeof keyChangeData>,
  handover: KeyHandover,
): Promise<void> {
  const state = stateOf(installation)
  const keys = loadKeys(state.keys, files)
  const own = { state, keys, keyFiles: files, handover }
  const store = await openStore({ loaded: installation, log: SILENT }, own)
  try {
    const { level: protection } = protectionReport()
    const id = newId('key', SYSTEM_ENTROPY.bytes(16))
    const event = { kind: 'ledger.key', id, at: SYSTEM_CLOCK.now(), actor: 'remit:cli', data } as const
    await store.journal.commit({ records: [adminRecord({ tenant, protection }, event)], changes: [] })
  } finally {
    await store.close()
  }
}

async function newestCheckpoint({ tenant, installation }: Place): Promise<string | undefined> {
  const source = await openStoredLedger(stateOf(installation), installation.config.store)
  try {
    let newest: string | undefined
    for await (const { note } of source.checkpoints(tenant)) newest = note
    return newest
  } finally {
    source.close()
  }
}

function nextKey({ folder, files }: Place): KeyObject {
  const path = join(folder, NEXT_CHECKPOINT_KEY)
  const pem = files.read(path)
  if (pem !== undefined) return createPrivateKey(pem)
  const { privateKey } = generateKeyPairSync('ed25519')
  files.write(path, pemOf(privateKey))
  return privateKey
}

/** Last of all: without it no gateway starts, and the command takes up where it was. */
function finish({ folder, files }: Place, next: KeyObject): void {
  files.write(join(folder, CHECKPOINT_KEY), pemOf(next))
  loadKeys(folder, files)
  forgetNext({ folder })
}

function forgetNext({ folder }: Pick<Place, 'folder'>): void {
  const path = join(folder, NEXT_CHECKPOINT_KEY)
  for (const each of [path, `${path}.sealed`]) rmSync(each, { force: true })
}

function pemOf(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' })
}

function remember({ tenant, folder }: Place, former: KeyObject): void {
  const line = `${verifierKeyText(checkpointOrigin(tenant), former)}\n`
  appendFileSync(join(folder, FORMER_CHECKPOINT_KEYS), line, { mode: 0o600 })
}

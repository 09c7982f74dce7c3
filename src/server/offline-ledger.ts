import { createPublicKey, type KeyObject } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { readCheckpointLog } from '../audit/checkpoint-log.ts'
import { exportLedger } from '../audit/export-ledger.ts'
import type { LedgerSource } from '../audit/ledger-source.ts'
import { openExport } from '../audit/open-export.ts'
import { type VerifyReport, verifyLedger } from '../audit/verify.ts'
import { RemitError } from '../core/errors.ts'
import { SILENT } from '../core/log.ts'
import { checkpointFile } from '../store/checkpoint-files.ts'
import { openSqliteLedger } from '../store/sqlite/open-sqlite-ledger.ts'
import type { ConfigLocation } from './load-config.ts'
import { CHECKPOINT_KEY } from './keys.ts'
import { readPrivateFile } from './private-file.ts'
import type { StateFolder } from './state-folder.ts'
import { stateOf, tenantState } from './state-of.ts'
import { loadSelected } from './tenants/select-tenant.ts'

export interface OfflineLedger extends ConfigLocation {
  /** A file that `audit export` wrote, instead of the state folder's ledger. */
  readonly exported?: string | undefined
  /** PEM of the checkpoint key's public half, where the state folder is elsewhere. */
  readonly publicKey?: string | undefined
}

/**
 * Recomputes a ledger from its files alone; no gateway need run, and one that runs is not disturbed.
 * @throws RemitError `state_unreadable`, `key_unusable`, `config_invalid`.
 */
export async function verifyOffline(where: OfflineLedger): Promise<VerifyReport> {
  const { state, installation, tenant } = locate(where)
  const publicKey = checkpointKey(where, where.exported === undefined ? installation : state)
  if (where.exported !== undefined) {
    const source = openExport(resolve(where.cwd, where.exported))
    try {
      return await verifyLedger(source, { publicKey })
    } finally {
      source.close()
    }
  }
  const source = await openLedger(where)
  try {
    return await verifyLedger(source, {
      publicKey,
      ...(where.publicKey === undefined
        ? { tenantKey: (name) => ownKey(tenantState(installation, name)) }
        : {}),
      expected: [tenant],
      outsideCheckpoints: (name) => readCheckpointLog(checkpointFile(state.checkpoints, name)),
    })
  } finally {
    source.close()
  }
}

/** The ledger as JSON lines that `verifyOffline` reads back. @throws RemitError `state_unreadable`. */
export async function* exportOffline(where: OfflineLedger): AsyncGenerator<string> {
  const { tenant } = locate(where)
  const source = await openLedger(where)
  try {
    yield* exportLedger(source, tenant)
  } finally {
    source.close()
  }
}

/** Wherever the configuration says that it lies. */
async function openLedger(where: OfflineLedger): Promise<LedgerSource> {
  const { state, store } = locate(where)
  if (store === 'sqlite') return openSqliteLedger(existingLedger(state))
  const { openPostgresLedger } = await import('../store/postgres/open-postgres-ledger.ts')
  return openPostgresLedger({ url: store, log: SILENT })
}

function locate(where: OfflineLedger): {
  readonly state: StateFolder
  /** That of the installation whose tenant it is; the same where it is the installation's own. */
  readonly installation: StateFolder
  readonly tenant: string
  readonly store: string
} {
  const loaded = loadSelected(where)
  const { tenant, store } = loaded.config
  const installation = stateOf(loaded.installation ?? loaded)
  return { state: stateOf(loaded), installation, tenant, store }
}

export function existingLedger(state: StateFolder): string {
  if (existsSync(state.ledger)) return state.ledger
  throw new RemitError(
    'state_unreadable',
    `there is no ledger in \`${state.root}\`; name its configuration with --config, or set REMIT_STATE`,
  )
}

function checkpointKey({ cwd, publicKey }: OfflineLedger, state: StateFolder): KeyObject {
  if (publicKey !== undefined) {
    const path = resolve(cwd, publicKey)
    return readKey(path, () => readFileSync(path)) ?? missingKey(path)
  }
  return ownKey(state) ?? missingKey(state.keys)
}

/** The key in a state folder; undefined = there is none. @throws RemitError `key_unusable`. */
export function ownKey(state: StateFolder): KeyObject | undefined {
  const path = join(state.keys, CHECKPOINT_KEY)
  return readKey(path, () => readPrivateFile(path, 'key_unusable'))
}

function readKey(path: string, read: () => Buffer | undefined): KeyObject | undefined {
  try {
    const pem = read()
    return pem === undefined ? undefined : createPublicKey(pem)
  } catch (cause) {
    if (cause instanceof RemitError) throw cause
    throw new RemitError('key_unusable', `\`${path}\` does not hold a key in PEM`, { cause })
  }
}

function missingKey(place: string): never {
  throw new RemitError(
    'key_unusable',
    `there is no checkpoint key in \`${place}\`; name its public half with --key`,
  )
}

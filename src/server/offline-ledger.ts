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
import { openPostgresLedger } from '../store/postgres/open-postgres-ledger.ts'
import { openSqliteLedger } from '../store/sqlite/open-sqlite-ledger.ts'
import { type ConfigLocation, loadConfig } from './load-config.ts'
import { CHECKPOINT_KEY } from './keys.ts'
import { readPrivateFile } from './private-file.ts'
import { type StateFolder, stateFolderAt } from './state-folder.ts'

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
  const { state, tenant } = locate(where)
  const publicKey = checkpointKey(where, state)
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
  return openPostgresLedger({ url: store, log: SILENT })
}

function locate(where: OfflineLedger): {
  readonly state: StateFolder
  readonly tenant: string
  readonly store: string
} {
  const { config, folder } = loadConfig(where)
  const { tenant, store } = config
  return { state: stateFolderAt(resolve(folder, config.state)), tenant, store }
}

export function existingLedger(state: StateFolder): string {
  if (existsSync(state.ledger)) return state.ledger
  throw new RemitError(
    'state_unreadable',
    `there is no ledger in \`${state.root}\`; name its configuration with --config, or set REMIT_STATE`,
  )
}

function checkpointKey({ cwd, publicKey }: OfflineLedger, state: StateFolder): KeyObject {
  const path = publicKey === undefined ? join(state.keys, CHECKPOINT_KEY) : resolve(cwd, publicKey)
  try {
    const pem = publicKey === undefined ? readPrivateFile(path, 'key_unusable') : readFileSync(path)
    if (pem !== undefined) return createPublicKey(pem)
  } catch (cause) {
    if (cause instanceof RemitError) throw cause
    throw new RemitError('key_unusable', `\`${path}\` does not hold a key in PEM`, { cause })
  }
  throw new RemitError(
    'key_unusable',
    `there is no checkpoint key in \`${state.keys}\`; name its public half with --key`,
  )
}

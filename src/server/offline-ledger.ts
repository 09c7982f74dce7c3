import type { KeyObject } from 'node:crypto'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { readCheckpointLog } from '../audit/checkpoint-log.ts'
import { exportLedger } from '../audit/export-ledger.ts'
import type { LedgerSource } from '../audit/ledger-source.ts'
import { openExport } from '../audit/open-export.ts'
import { type VerifyReport, verifyLedger } from '../audit/verify.ts'
import { RemitError } from '../core/errors.ts'
import { SILENT } from '../core/log.ts'
import { checkpointFile } from '../store/checkpoint-files.ts'
import { openSqliteLedger } from '../store/sqlite/open-sqlite-ledger.ts'
import { formerLedgerKeys, namedLedgerKeys, ownLedgerKey } from './ledger-keys.ts'
import type { ConfigLocation } from './load-config.ts'
import { findSince, keptCheckpoints } from './kept-checkpoints.ts'
import type { StateFolder } from './state-folder.ts'
import { stateOf, tenantState } from './state-of.ts'
import { SYSTEM_CLOCK } from './system-clock.ts'
import { loadSelected } from './tenants/select-tenant.ts'

export interface OfflineLedger extends ConfigLocation {
  /** A file that `audit export` wrote, instead of the state folder's ledger. */
  readonly exported?: string | undefined
  /** Files with public keys that are trusted, instead of the state folder's. */
  readonly publicKeys?: readonly string[] | undefined
}

export interface OfflineVerification extends OfflineLedger {
  /** File of a copy of the checkpoints, instead of the state folder's. */
  readonly checkpoints?: string | undefined
  /** File of a checkpoint that is trusted, or the size of one that is stored: only what came after it is looked at. */
  readonly since?: string | undefined
}

/**
 * Recomputes a ledger from its files alone; no gateway need run, and one that runs is not disturbed.
 * @throws RemitError `state_unreadable`, `key_unusable`, `config_invalid`, `not_found`.
 */
export async function verifyOffline(where: OfflineVerification): Promise<VerifyReport> {
  const { source, tenant, state, installation, live } = await openLedger(where)
  try {
    const trusted = ledgerKeys(where)
    const [publicKey, ...alsoTrusted] = trusted
    if (publicKey === undefined) return missingKey(state.keys)
    const kept = where.checkpoints === undefined ? undefined : keptCheckpoints(where.cwd, where.checkpoints)
    const since =
      where.since === undefined ? undefined : await findSince(where, { source, tenant, trusted, kept })
    const tenantKeys = live && where.publicKeys === undefined
    return await verifyLedger(source, {
      publicKey,
      alsoTrusted,
      ...(tenantKeys ? { tenantKey: (name) => ownLedgerKey(tenantState(installation, name)) } : {}),
      ...(live ? { expected: [tenant], now: SYSTEM_CLOCK.now() } : {}),
      ...(since === undefined ? {} : { since: (name) => (name === tenant ? since : undefined) }),
      outsideCheckpoints: (name) => {
        if (kept !== undefined) return name === tenant ? kept : []
        return live ? readCheckpointLog(checkpointFile(state.checkpoints, name)) : []
      },
    })
  } finally {
    source.close()
  }
}

/** The ledger as JSON lines that `verifyOffline` reads back. @throws RemitError `state_unreadable`. */
export async function* exportOffline(where: OfflineLedger): AsyncGenerator<string> {
  const { source, tenant } = await openLedger(where)
  try {
    yield* exportLedger(source, tenant)
  } finally {
    source.close()
  }
}

export interface OpenedLedger {
  readonly source: LedgerSource
  readonly tenant: string
  readonly state: StateFolder
  /** That of the installation whose tenant it is; the same where it is the installation's own. */
  readonly installation: StateFolder
  /** False for an export. */
  readonly live: boolean
}

/** An export, or the ledger where the configuration says that it lies. @throws RemitError `state_unreadable`. */
export async function openLedger(where: OfflineLedger): Promise<OpenedLedger> {
  const { state, store, installation, tenant } = locate(where)
  const place = { state, installation }
  if (where.exported !== undefined) {
    const source = openExport(resolve(where.cwd, where.exported))
    const [exported = tenant] = source.tenants() as Iterable<string>
    return { ...place, source, tenant: exported, live: false }
  }
  return { ...place, source: await openStoredLedger(state, store), tenant, live: true }
}

/** The ledger where a configuration says that it lies, read-only. @throws RemitError `state_unreadable`. */
export async function openStoredLedger(state: StateFolder, store: string): Promise<LedgerSource> {
  if (store === 'sqlite') return openSqliteLedger(existingLedger(state))
  const { openPostgresLedger } = await import('../store/postgres/open-postgres-ledger.ts')
  return openPostgresLedger({ url: store, log: SILENT })
}

/** The keys that are trusted to have signed: those that were named, else the state folder's. */
export function ledgerKeys(where: OfflineLedger): readonly KeyObject[] {
  if (where.publicKeys !== undefined) return namedLedgerKeys(where.cwd, where.publicKeys)
  const { state, installation } = locate(where)
  const place = where.exported === undefined ? installation : state
  return [ownLedgerKey(place) ?? missingKey(place.keys), ...formerLedgerKeys(place)]
}

function locate(where: OfflineLedger): {
  readonly state: StateFolder
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

function missingKey(place: string): never {
  throw new RemitError(
    'key_unusable',
    `there is no checkpoint key in \`${place}\`; name its public half with --key`,
  )
}

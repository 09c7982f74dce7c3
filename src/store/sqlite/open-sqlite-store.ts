import type { KeyObject } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'
import type { Worker } from 'node:worker_threads'

import type { Log } from '../../core/log.ts'
import type { KeyHandover } from '../key-handover.ts'
import type { LedgerStore } from '../store.ts'
import { CommittedTasks } from './committed-tasks.ts'
import { lockState, openForReading } from './open-database.ts'
import { SqliteApprovals } from './sqlite-approvals.ts'
import { SqlitePins } from './sqlite-pins.ts'
import { SqliteGrants } from './sqlite-grants.ts'
import { SqliteHolds } from './sqlite-holds.ts'
import { SqliteRecords } from './sqlite-records.ts'
import { SqliteOutbox } from './sqlite-outbox.ts'
import { SqliteOAuth } from './sqlite-oauth.ts'
import { SqliteSecrets } from './sqlite-secrets.ts'
import { SqliteTasks } from './sqlite-tasks.ts'
import { DEFAULT_LIMITS, WriterClient, type WriterLimits } from './writer-client.ts'
import type { WriterSettings } from './writer-messages.ts'

export interface SqliteStoreOptions {
  /** The database; its folder must be there. */
  readonly file: string
  /** Folder for `checkpoints-<tenant>.log`, the copy outside the database; absent = none is kept. */
  readonly checkpointFolder?: string
  /** Ed25519 private key that signs checkpoints. */
  readonly signingKey: KeyObject
  /** Those of tenants that have one of their own. */
  readonly tenantKeys?: ReadonlyMap<string, KeyObject>
  /** Present while the key of one of them is changed. */
  readonly handover?: KeyHandover
  readonly log: Log
  readonly limits?: Partial<WriterLimits>
  /** Milliseconds between two checkpoints while the ledger grows; default 1000. */
  readonly checkpointInterval?: number
  /** Upper bound of the database in pages of 4096 bytes; beyond it the ledger is unavailable. */
  readonly maxPages?: number
  /** Starts the writer's thread; for tests that end it. */
  readonly startThread?: (settings: WriterSettings) => Worker
}

/**
 * Opens the store of one state folder, and holds it for this process alone. Needs no help after a crash.
 * @throws RemitError `state_locked`, `state_unreadable`, `ledger_broken` (naming the index), `key_unusable`.
 */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<LedgerStore> {
  const unlock = lockState(options.file)
  try {
    const { limits, log, startThread } = options
    const committed = new CommittedTasks()
    const writer = new WriterClient({
      settings: writerSettings(options),
      limits: { ...DEFAULT_LIMITS, ...limits },
      log,
      committed,
      ...(startThread && { startThread }),
    })
    await writer.start()
    return assemble({ writer, reader: openForReading(options.file), committed }, unlock)
  } catch (error) {
    unlock()
    throw error
  }
}

function writerSettings(options: SqliteStoreOptions): WriterSettings {
  const { checkpointFolder, maxPages } = options
  return {
    file: options.file,
    signingKey: pemOf(options.signingKey),
    tenantKeys: Object.fromEntries([...(options.tenantKeys ?? [])].map(([id, key]) => [id, pemOf(key)])),
    checkpointInterval: options.checkpointInterval ?? 1000,
    ...(options.handover && { handover: textOf(options.handover) }),
    ...(checkpointFolder !== undefined && { checkpointFolder }),
    ...(maxPages !== undefined && { maxPages }),
  }
}

function textOf({ tenant, signAlso, accept }: KeyHandover): NonNullable<WriterSettings['handover']> {
  return {
    tenant,
    ...(signAlso && { signAlso: pemOf(signAlso) }),
    ...(accept && { accept: accept.export({ type: 'spki', format: 'pem' }) }),
  }
}

function pemOf(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' })
}

interface Parts {
  readonly writer: WriterClient
  readonly reader: DatabaseSync
  readonly committed: CommittedTasks
}

function assemble({ writer, reader, committed }: Parts, unlock: () => void): LedgerStore {
  let closing: Promise<void> | undefined
  const records = new SqliteRecords(reader)
  return {
    journal: writer,
    tasks: new SqliteTasks(reader, committed),
    approvals: new SqliteApprovals(reader),
    pins: new SqlitePins(reader),
    secrets: new SqliteSecrets(reader),
    oauth: new SqliteOAuth(reader),
    logins: new SqliteOAuth(reader),
    outbox: new SqliteOutbox(reader),
    holds: new SqliteHolds(reader),
    grants: new SqliteGrants(reader),
    records,
    search: records,
    health: () => writer.health,
    depth: () => writer.depth,
    close: () => {
      closing ??= (async () => {
        await writer.close()
        reader.close()
        unlock()
      })()
      return closing
    },
  }
}

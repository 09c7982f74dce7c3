import type { KeyObject } from 'node:crypto'
import type { Pool } from 'pg'
import { saltSource } from '../../audit/seal.ts'
import { RemitError } from '../../core/errors.ts'
import { CheckpointFiles } from '../checkpoint-files.ts'
import type { KeyHandover } from '../key-handover.ts'
import type { LedgerStore, Store } from '../store.ts'
import { refuseOtherWriters } from './claim-writer.ts'
import { connectPostgres, isServerError, storeUnavailable, type PostgresPlace } from './connect.ts'
import { KnownStandings } from './known-standings.ts'
import { PostgresApprovals } from './postgres-approvals.ts'
import { PostgresGrants } from './postgres-grants.ts'
import { PostgresHolds } from './postgres-holds.ts'
import { DEFAULT_LIMITS, PostgresJournal, type JournalLimits } from './postgres-journal.ts'
import { PostgresPins } from './postgres-pins.ts'
import { PostgresRecords } from './postgres-records.ts'
import { SearchFiller } from './search-filler.ts'
import { PostgresOutbox } from './postgres-outbox.ts'
import { PostgresOAuth } from './postgres-oauth.ts'
import { PostgresSecrets } from './postgres-secrets.ts'
import { PostgresTasks } from './postgres-tasks.ts'
import { migrate } from './schema.ts'

export interface PostgresStoreOptions extends PostgresPlace {
  /** Folder for `checkpoints-<tenant>.log`, the copy outside the database; absent = none is kept. */
  readonly checkpointFolder?: string
  /** Ed25519 private key that signs checkpoints: the same on every replica. */
  readonly signingKey: KeyObject
  /** Those of tenants that have one of their own. */
  readonly tenantKeys?: ReadonlyMap<string, KeyObject>
  /** Present while the key of one of them is changed. */
  readonly handover?: KeyHandover
  readonly limits?: Partial<JournalLimits>
  /** Milliseconds between two checkpoints while a ledger grows; default 1000. */
  readonly checkpointInterval?: number
}

/**
 * Opens the store that several replicas share.
 * @throws RemitError `ledger_unavailable` when the database cannot be reached, `state_unreadable` when it is of a later
 *   release, `state_locked` where a key is changed and another gateway uses the database.
 */
export async function openPostgresStore(options: PostgresStoreOptions): Promise<LedgerStore> {
  const { log, signingKey, checkpointFolder, checkpointInterval = 1_000 } = options
  const pool = connectPostgres(options)
  const standings = new KnownStandings()
  const journal = new PostgresJournal({
    pool,
    standings,
    log,
    signingKey,
    ...(options.handover === undefined ? {} : { handover: options.handover }),
    ...(options.tenantKeys === undefined ? {} : { tenantKeys: options.tenantKeys }),
    checkpointInterval,
    files: new CheckpointFiles(checkpointFolder),
    salt: saltSource(),
    limits: { ...DEFAULT_LIMITS, ...options.limits },
  })
  let writer: string
  try {
    await migrate(pool)
    writer = await journal.start()
    // One that goes on would sign with the key of before.
    if (options.handover !== undefined) await refuseOtherWriters(pool, 1)
  } catch (error) {
    await journal.close()
    await pool.end()
    if (error instanceof RemitError) throw error
    throw isServerError(error) ? storeUnavailable(error) : error
  }
  const filler = new SearchFiller(pool, log)
  filler.start()
  let closing: Promise<void> | undefined
  return {
    ...readersOf(pool, standings),
    journal,
    writer,
    health: () => journal.health,
    depth: () => journal.depth,
    close: () => {
      closing ??= Promise.all([journal.close(), filler.close()]).then(() => pool.end())
      return closing
    },
  }
}

/** Tasks, approvals and records in a database, read-only, whether or not gateways are using it. */
export function openPostgresReader(
  place: PostgresPlace,
): Pick<Store, 'tasks' | 'approvals' | 'records' | 'search'> & { close(): void } {
  const pool = connectPostgres(place, { max: 2 })
  return { ...readersOf(pool), close: () => void pool.end() }
}

function readersOf(pool: Pool, standings?: KnownStandings): Omit<Store, 'journal' | 'close'> {
  const records = new PostgresRecords(pool)
  return {
    tasks: new PostgresTasks(pool, standings),
    approvals: new PostgresApprovals(pool),
    grants: new PostgresGrants(pool),
    pins: new PostgresPins(pool),
    secrets: new PostgresSecrets(pool),
    oauth: new PostgresOAuth(pool),
    logins: new PostgresOAuth(pool),
    outbox: new PostgresOutbox(pool),
    holds: new PostgresHolds(pool),
    records,
    search: records,
  }
}

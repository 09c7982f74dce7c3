import { Pool, types, type PoolConfig } from 'pg'
import { RemitError } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'

// Every number that Remit stores stays below 2^53.
types.setTypeParser(types.builtins.INT8, Number)

export interface PostgresPlace {
  /** `postgres://…`; what it leaves out comes from `PGPASSWORD`, `PGSSLMODE` and the like. */
  readonly url: string
  readonly log: Log
}

/** A connection is given up that waits longer for a lock, or works longer on one statement, in milliseconds. */
const LOCK_TIMEOUT = 5_000
const STATEMENT_TIMEOUT = 15_000
/** When not even that is answered, the connection is taken for dead. */
const ANSWER_TIMEOUT = 20_000

/** Connections to one database, opened when they are needed. An idle one that breaks is dropped. */
export function connectPostgres({ url, log }: PostgresPlace, more: PoolConfig = {}): Pool {
  const pool = new Pool({
    connectionString: url,
    application_name: 'remit',
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
    lock_timeout: LOCK_TIMEOUT,
    statement_timeout: STATEMENT_TIMEOUT,
    query_timeout: ANSWER_TIMEOUT,
    idle_in_transaction_session_timeout: STATEMENT_TIMEOUT,
    ...more,
  })
  // One in use that breaks between two statements has nobody else who listens, which would end the process; the next one fails.
  pool.on('connect', (client) => {
    client.on('error', () => {})
  })
  pool.on('error', (error) => {
    log.log('warn', 'store.connection_lost', { reason: error.message })
  })
  return pool
}

/** Classes of SQLSTATE that speak of the server or the connection, not of a statement. */
const SERVER_CLASSES = new Set(['08', '25', '53', '57', '58', 'XX'])

/** Nothing can be made durable now: the server is away, stopping, full, read-only or broken. */
export function isServerError(error: unknown): boolean {
  const code = sqlState(error)
  return code === undefined || SERVER_CLASSES.has(code.slice(0, 2))
}

export function sqlState(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined
  // The system's own codes (`ECONNREFUSED`) are no SQLSTATE.
  return /^[0-9A-Z]{5}$/.test(error.code) ? error.code : undefined
}

export function storeUnavailable(cause: unknown): RemitError {
  const detail = cause instanceof Error ? cause.message : String(cause)
  return new RemitError(
    'ledger_unavailable',
    'the ledger cannot be written, so nothing may pass; see the gateway’s log, bring its database back and try again',
    { detail, cause },
  )
}

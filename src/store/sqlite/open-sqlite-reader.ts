import type { Store } from '../store.ts'
import { CommittedTasks } from './committed-tasks.ts'
import { openLedgerFile } from './open-sqlite-ledger.ts'
import { SqliteApprovals } from './sqlite-approvals.ts'
import { SqliteRecords } from './sqlite-records.ts'
import { SqliteTasks } from './sqlite-tasks.ts'

export interface SqliteReader extends Pick<Store, 'tasks' | 'approvals' | 'records' | 'search'> {
  close(): void
}

/**
 * Tasks, approvals and records in a database file, read-only, whether or not a gateway is using it.
 * @throws RemitError `state_unreadable`.
 */
export function openSqliteReader(file: string): SqliteReader {
  const db = openLedgerFile(file)
  const records = new SqliteRecords(db)
  return {
    tasks: new SqliteTasks(db, new CommittedTasks()),
    approvals: new SqliteApprovals(db),
    records,
    search: records,
    close: () => db.close(),
  }
}

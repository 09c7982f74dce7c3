import type { UnitOfWork } from '../core/change.ts'

export type CommitResult = 'committed' | 'conflict'

/** `soon` = may wait a few milliseconds and share the write of another: for what no caller waits for. */
export type Urgency = 'now' | 'soon'

/**
 * The one way to change anything: units of work become durable in the order in which they were given.
 * `commit` resolves only when the unit is on disk (or, for `conflict`, when it is certain that none of it is).
 * @throws RemitError `ledger_unavailable` (disk full, read-only, gone), `ledger_busy` (too many waiting).
 */
export interface Journal {
  commit(unit: UnitOfWork, urgency?: Urgency): Promise<CommitResult>
}

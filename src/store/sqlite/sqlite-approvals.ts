import type { DatabaseSync, StatementSync } from 'node:sqlite'

import type { ApprovalStore } from '../../approvals/approval-store.ts'
import type { Approval, ApprovalState } from '../../core/approval.ts'
import type { ApprovalId, Digest, TaskId, TenantId } from '../../core/ids.ts'

export class SqliteApprovals implements ApprovalStore {
  readonly #get: StatementSync
  readonly #find: StatementSync
  readonly #list: StatementSync
  readonly #listByState: StatementSync

  constructor(db: DatabaseSync) {
    this.#get = db.prepare('SELECT body FROM approval WHERE tenant = ? AND id = ?')
    this.#find = db.prepare(
      `SELECT body FROM approval WHERE tenant = ? AND task = ? AND call = ?
       ORDER BY created DESC, rowid DESC LIMIT 1`,
    )
    this.#list = db.prepare(
      'SELECT body FROM approval WHERE tenant = ? ORDER BY created DESC, rowid DESC LIMIT ?',
    )
    this.#listByState = db.prepare(
      'SELECT body FROM approval WHERE tenant = ? AND state = ? ORDER BY created DESC, rowid DESC LIMIT ?',
    )
  }

  async get(tenant: TenantId, id: ApprovalId): Promise<Approval | undefined> {
    const row = this.#get.get(tenant, id)
    return row && approvalOf(row)
  }

  async findByCall(tenant: TenantId, task: TaskId, call: Digest): Promise<Approval | undefined> {
    const row = this.#find.get(tenant, task, call)
    return row && approvalOf(row)
  }

  async list(
    tenant: TenantId,
    filter: { readonly state?: ApprovalState; readonly limit: number },
  ): Promise<readonly Approval[]> {
    const { state, limit } = filter
    const rows =
      state === undefined ? this.#list.all(tenant, limit) : this.#listByState.all(tenant, state, limit)
    return rows.map(approvalOf)
  }
}

function approvalOf(row: Record<string, unknown>): Approval {
  return JSON.parse(String(row['body'])) as Approval
}

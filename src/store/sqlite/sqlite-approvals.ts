import type { DatabaseSync, StatementSync } from 'node:sqlite'

import type { ApprovalStore } from '../../approvals/approval-store.ts'
import type { Approval, ApprovalState } from '../../core/approval.ts'
import { ASKING_WINDOW, type Asked } from '../../core/consent-limits.ts'
import type { ApprovalId, Digest, TaskId, TenantId } from '../../core/ids.ts'

/** Takes now, since when, tenant and root. */
export const ASKED = `
  SELECT count(*) FILTER (WHERE state = 'pending' AND (body ->> '$.expires') > ?) AS open,
    count(*) FILTER (WHERE created > ?) AS recent
  FROM approval WHERE tenant = ? AND root = ?`

export class SqliteApprovals implements ApprovalStore {
  readonly #get: StatementSync
  readonly #find: StatementSync
  readonly #list: StatementSync
  readonly #listByState: StatementSync
  readonly #listPending: StatementSync
  readonly #asked: StatementSync
  readonly #refused: StatementSync

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
    this.#listPending = db.prepare(
      `SELECT approval.body FROM approval JOIN (
         SELECT rowid AS place, row_number() OVER (
           PARTITION BY coalesce(root, task) ORDER BY created DESC, rowid DESC
         ) AS turn, created AS made FROM approval WHERE tenant = ? AND state = 'pending'
         ORDER BY turn, made DESC, place DESC LIMIT ?
       ) ON approval.rowid = place ORDER BY approval.created DESC, approval.rowid DESC`,
    )
    this.#asked = db.prepare(ASKED)
    this.#refused = db.prepare(
      `SELECT body FROM approval WHERE tenant = ? AND root = ? AND state = 'refused'
       ORDER BY created DESC, rowid DESC LIMIT ?`,
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

  async asked(tenant: TenantId, root: TaskId, now: number): Promise<Asked> {
    const row = this.#asked.get(now, now - ASKING_WINDOW, tenant, root)
    return { open: Number(row?.['open']), recent: Number(row?.['recent']) }
  }

  async refused(tenant: TenantId, root: TaskId, limit: number): Promise<readonly Approval[]> {
    return this.#refused.all(tenant, root, limit).map(approvalOf)
  }

  async list(
    tenant: TenantId,
    filter: { readonly state?: ApprovalState; readonly limit: number },
  ): Promise<readonly Approval[]> {
    const { state, limit } = filter
    if (state === 'pending') return this.#listPending.all(tenant, limit).map(approvalOf)
    const rows =
      state === undefined ? this.#list.all(tenant, limit) : this.#listByState.all(tenant, state, limit)
    return rows.map(approvalOf)
  }
}

function approvalOf(row: Record<string, unknown>): Approval {
  return JSON.parse(String(row['body'])) as Approval
}

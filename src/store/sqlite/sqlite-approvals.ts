import type { DatabaseSync, StatementSync } from 'node:sqlite'

import type { ApprovalStore, WaitingKey } from '../../approvals/approval-store.ts'
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
  readonly #waiting: StatementSync
  readonly #some: StatementSync
  readonly #due: StatementSync
  readonly #made: StatementSync
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
    this.#waiting = db.prepare(
      `SELECT id, task, votes FROM (
         SELECT id, task, votes, severity, created, rowid AS place, row_number() OVER (
           PARTITION BY coalesce(root, task) ORDER BY created DESC, rowid DESC
         ) AS turn FROM approval WHERE tenant = ? AND state = 'pending'
         ORDER BY turn, created DESC, place DESC LIMIT ?
       ) ORDER BY severity DESC, created, place`,
    )
    this.#some = db.prepare(
      // CROSS JOIN keeps the order of the two: a lookup for each id, never a walk through all approvals.
      `SELECT body FROM json_each(?) AS asked CROSS JOIN approval
       WHERE approval.tenant = ? AND approval.id = asked.value ORDER BY asked.key`,
    )
    this.#due = db.prepare(
      `SELECT body FROM approval WHERE tenant = ? AND state IN ('pending', 'granted') AND expires <= ?
       ORDER BY expires LIMIT ?`,
    )
    this.#made = db.prepare(
      `SELECT body FROM approval WHERE tenant = ? AND created >= ? AND created < ?
       ORDER BY created DESC, rowid DESC LIMIT ?`,
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

  async waiting(tenant: TenantId, limit: number): Promise<readonly WaitingKey[]> {
    return this.#waiting.all(tenant, limit).map(({ id, task, votes }) => ({
      id: String(id) as ApprovalId,
      task: String(task) as TaskId,
      votes: Number(votes),
    }))
  }

  async some(tenant: TenantId, ids: readonly ApprovalId[]): Promise<readonly Approval[]> {
    return this.#some.all(JSON.stringify(ids), tenant).map(approvalOf)
  }

  async due(tenant: TenantId, now: number, limit: number): Promise<readonly Approval[]> {
    return this.#due.all(tenant, now, limit).map(approvalOf)
  }

  async made(
    tenant: TenantId,
    { from, until, limit }: { readonly from: number; readonly until: number; readonly limit: number },
  ): Promise<readonly Approval[]> {
    return this.#made.all(tenant, from, until, limit).map(approvalOf)
  }
}

function approvalOf(row: Record<string, unknown>): Approval {
  return JSON.parse(String(row['body'])) as Approval
}

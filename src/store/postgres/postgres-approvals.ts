import type { Pool } from 'pg'
import type { ApprovalStore, WaitingKey } from '../../approvals/approval-store.ts'
import type { Approval, ApprovalState } from '../../core/approval.ts'
import { ASKING_WINDOW, type Asked } from '../../core/consent-limits.ts'
import type { ApprovalId, Digest, TaskId, TenantId } from '../../core/ids.ts'

const NEWEST = 'ORDER BY created DESC, place DESC LIMIT'

export class PostgresApprovals implements ApprovalStore {
  readonly #pool: Pool

  constructor(pool: Pool) {
    this.#pool = pool
  }

  async get(tenant: TenantId, id: ApprovalId): Promise<Approval | undefined> {
    return (await this.#select('id = $2', [tenant, id]))[0]
  }

  async findByCall(tenant: TenantId, task: TaskId, call: Digest): Promise<Approval | undefined> {
    return (await this.#select(`task = $2 AND call = $3 ${NEWEST} 1`, [tenant, task, call]))[0]
  }

  async asked(tenant: TenantId, root: TaskId, now: number): Promise<Asked> {
    const { rows } = await this.#pool.query<{ open: string; recent: string }>(
      `SELECT count(*) FILTER (WHERE state = 'pending' AND (body::json ->> 'expires')::bigint > $3) AS open,
         count(*) FILTER (WHERE created > $4) AS recent
       FROM approval WHERE tenant = $1 AND root = $2`,
      [tenant, root, now, now - ASKING_WINDOW],
    )
    return { open: Number(rows[0]?.open), recent: Number(rows[0]?.recent) }
  }

  refused(tenant: TenantId, root: TaskId, limit: number): Promise<readonly Approval[]> {
    return this.#select(`root = $2 AND state = 'refused' ${NEWEST} $3`, [tenant, root, limit])
  }

  list(
    tenant: TenantId,
    { state, limit }: { readonly state?: ApprovalState; readonly limit: number },
  ): Promise<readonly Approval[]> {
    if (state === 'pending') {
      const turns = `SELECT id FROM (
        SELECT id, created, place, row_number() OVER (
          PARTITION BY coalesce(root, task) ORDER BY created DESC, place DESC) AS turn
        FROM approval WHERE tenant = $1 AND state = 'pending') AS waiting
        ORDER BY turn, created DESC, place DESC LIMIT $2`
      return this.#select(`id IN (${turns}) ORDER BY created DESC, place DESC`, [tenant, limit])
    }
    return state === undefined
      ? this.#select(`true ${NEWEST} $2`, [tenant, limit])
      : this.#select(`state = $2 ${NEWEST} $3`, [tenant, state, limit])
  }

  async waiting(tenant: TenantId, limit: number): Promise<readonly WaitingKey[]> {
    const { rows } = await this.#pool.query<WaitingKey>(
      `SELECT id, task, votes FROM (
         SELECT id, task, votes, severity, created, place, row_number() OVER (
           PARTITION BY coalesce(root, task) ORDER BY created DESC, place DESC) AS turn
         FROM approval WHERE tenant = $1 AND state = 'pending'
         ORDER BY turn, created DESC, place DESC LIMIT $2) AS waiting
       ORDER BY severity DESC, created, place`,
      [tenant, limit],
    )
    return rows
  }

  some(tenant: TenantId, ids: readonly ApprovalId[]): Promise<readonly Approval[]> {
    return this.#select('id = ANY($2::text[]) ORDER BY array_position($2::text[], id)', [tenant, ids])
  }

  due(tenant: TenantId, now: number, limit: number): Promise<readonly Approval[]> {
    const open = "state IN ('pending', 'granted')"
    return this.#select(`${open} AND expires <= $2 ORDER BY expires LIMIT $3`, [tenant, now, limit])
  }

  made(
    tenant: TenantId,
    { from, until, limit }: { readonly from: number; readonly until: number; readonly limit: number },
  ): Promise<readonly Approval[]> {
    return this.#select(`created >= $2 AND created < $3 ${NEWEST} $4`, [tenant, from, until, limit])
  }

  async #select(where: string, values: unknown[]): Promise<readonly Approval[]> {
    const { rows } = await this.#pool.query<{ body: string }>(
      `SELECT body FROM approval WHERE tenant = $1 AND ${where}`,
      values,
    )
    return rows.map(({ body }) => JSON.parse(body) as Approval)
  }
}

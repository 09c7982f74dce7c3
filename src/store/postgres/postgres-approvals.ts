import type { Pool } from 'pg'
import type { ApprovalStore } from '../../approvals/approval-store.ts'
import type { Approval, ApprovalState } from '../../core/approval.ts'
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

  list(
    tenant: TenantId,
    { state, limit }: { readonly state?: ApprovalState; readonly limit: number },
  ): Promise<readonly Approval[]> {
    return state === undefined
      ? this.#select(`true ${NEWEST} $2`, [tenant, limit])
      : this.#select(`state = $2 ${NEWEST} $3`, [tenant, state, limit])
  }

  async #select(where: string, values: unknown[]): Promise<readonly Approval[]> {
    const { rows } = await this.#pool.query<{ body: string }>(
      `SELECT body FROM approval WHERE tenant = $1 AND ${where}`,
      values,
    )
    return rows.map(({ body }) => JSON.parse(body) as Approval)
  }
}

import type { Pool } from 'pg'
import type { GrantStore } from '../../approvals/grant-store.ts'
import type { Grant } from '../../core/grant.ts'
import type { Digest, GrantId, TaskId, TenantId } from '../../core/ids.ts'

interface GrantRow {
  readonly body: string
  readonly uses: number
  readonly revoked: string | null
}

const NEWEST = 'ORDER BY created DESC, place DESC LIMIT'

export class PostgresGrants implements GrantStore {
  readonly #pool: Pool

  constructor(pool: Pool) {
    this.#pool = pool
  }

  async get(tenant: TenantId, id: GrantId): Promise<Grant | undefined> {
    return (await this.#select('id = $2', [tenant, id]))[0]
  }

  async findCovering(tenant: TenantId, task: TaskId, covers: Digest): Promise<Grant | undefined> {
    return (await this.#select('task = $2 AND covers = $3 AND revoked IS NULL', [tenant, task, covers]))[0]
  }

  list(
    tenant: TenantId,
    { task, limit }: { readonly task?: TaskId; readonly limit: number },
  ): Promise<readonly Grant[]> {
    return task === undefined
      ? this.#select(`true ${NEWEST} $2`, [tenant, limit])
      : this.#select(`task = $2 ${NEWEST} $3`, [tenant, task, limit])
  }

  async #select(where: string, values: unknown[]): Promise<readonly Grant[]> {
    const { rows } = await this.#pool.query<GrantRow>(
      `SELECT body, uses, revoked FROM lasting_grant WHERE tenant = $1 AND ${where}`,
      values,
    )
    return rows.map(grantOf)
  }
}

function grantOf({ body, uses, revoked }: GrantRow): Grant {
  const grant = { ...(JSON.parse(body) as Omit<Grant, 'uses' | 'revoked'>), uses }
  return revoked === null
    ? grant
    : { ...grant, revoked: JSON.parse(revoked) as NonNullable<Grant['revoked']> }
}

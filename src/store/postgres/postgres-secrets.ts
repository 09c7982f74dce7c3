import type { Pool } from 'pg'
import type { TenantId } from '../../core/ids.ts'
import type { StoredSecret } from '../../core/stored-secret.ts'
import type { SecretStore } from '../../credentials/secret-store.ts'

export class PostgresSecrets implements SecretStore {
  readonly #pool: Pool

  constructor(pool: Pool) {
    this.#pool = pool
  }

  async list(tenant: TenantId): Promise<readonly StoredSecret[]> {
    const { rows } = await this.#pool.query<{ body: string }>(
      'SELECT body FROM secret WHERE tenant = $1 ORDER BY name COLLATE "C"',
      [tenant],
    )
    return rows.map(({ body }) => JSON.parse(body) as StoredSecret)
  }
}

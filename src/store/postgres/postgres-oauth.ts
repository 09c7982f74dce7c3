import type { Pool } from 'pg'
import type { TenantId } from '../../core/ids.ts'
import type { StoredOAuthEntry } from '../../core/oauth-entry.ts'
import type { LoginStore } from '../../login/login-store.ts'
import type { OAuthStore } from '../../oauth/oauth-store.ts'
import { oauthEntry, OAUTH_COLUMNS } from '../oauth-row.ts'

const COLUMN = { id: 'id', uid: 'uid', userCode: 'user_code' } as const

export class PostgresOAuth implements OAuthStore, LoginStore {
  readonly #pool: Pool

  constructor(pool: Pool) {
    this.#pool = pool
  }

  get(tenant: TenantId, model: string, id: string): Promise<StoredOAuthEntry | undefined> {
    return this.#select('id', [tenant, model, id])
  }

  find(
    tenant: TenantId,
    model: string,
    by: 'uid' | 'userCode',
    value: string,
  ): Promise<StoredOAuthEntry | undefined> {
    return this.#select(by, [tenant, model, value])
  }

  async list(tenant: TenantId, model: string, uid: string): Promise<readonly StoredOAuthEntry[]> {
    const { rows } = await this.#pool.query<Record<string, unknown>>(
      `SELECT ${OAUTH_COLUMNS} FROM oauth WHERE tenant = $1 AND model = $2 AND uid = $3 ORDER BY at, id`,
      [tenant, model, uid],
    )
    return rows.flatMap((row) => oauthEntry(row) ?? [])
  }

  async #select(by: keyof typeof COLUMN, values: string[]): Promise<StoredOAuthEntry | undefined> {
    const { rows } = await this.#pool.query<Record<string, unknown>>(
      `SELECT ${OAUTH_COLUMNS} FROM oauth WHERE tenant = $1 AND model = $2 AND ${COLUMN[by]} = $3 LIMIT 1`,
      values,
    )
    return oauthEntry(rows[0])
  }
}

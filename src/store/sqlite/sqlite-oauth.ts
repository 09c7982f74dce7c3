import type { DatabaseSync, StatementSync } from 'node:sqlite'

import type { TenantId } from '../../core/ids.ts'
import type { StoredOAuthEntry } from '../../core/oauth-entry.ts'
import type { LoginStore } from '../../login/login-store.ts'
import type { OAuthStore } from '../../oauth/oauth-store.ts'
import { oauthEntry, OAUTH_COLUMNS } from '../oauth-row.ts'

export class SqliteOAuth implements OAuthStore, LoginStore {
  readonly #get: StatementSync
  readonly #list: StatementSync
  readonly #by: Readonly<Record<'uid' | 'userCode', StatementSync>>

  constructor(db: DatabaseSync) {
    const where = (condition: string): StatementSync =>
      db.prepare(`SELECT ${OAUTH_COLUMNS} FROM oauth WHERE tenant = ? AND model = ? AND ${condition}`)
    this.#get = where('id = ?')
    this.#list = where('uid = ? ORDER BY at, id')
    this.#by = { uid: where('uid = ? LIMIT 1'), userCode: where('user_code = ? LIMIT 1') }
  }

  async get(tenant: TenantId, model: string, id: string): Promise<StoredOAuthEntry | undefined> {
    return oauthEntry(this.#get.get(tenant, model, id))
  }

  async find(
    tenant: TenantId,
    model: string,
    by: 'uid' | 'userCode',
    value: string,
  ): Promise<StoredOAuthEntry | undefined> {
    return oauthEntry(this.#by[by].get(tenant, model, value))
  }

  async list(tenant: TenantId, model: string, uid: string): Promise<readonly StoredOAuthEntry[]> {
    return this.#list.all(tenant, model, uid).flatMap((row) => oauthEntry(row) ?? [])
  }
}

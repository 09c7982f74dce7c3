import type { DatabaseSync, StatementSync } from 'node:sqlite'

import type { TenantId } from '../../core/ids.ts'
import type { StoredSecret } from '../../core/stored-secret.ts'
import type { SecretStore } from '../../credentials/secret-store.ts'

export class SqliteSecrets implements SecretStore {
  readonly #list: StatementSync

  constructor(db: DatabaseSync) {
    this.#list = db.prepare('SELECT body FROM secret WHERE tenant = ? ORDER BY name')
  }

  async list(tenant: TenantId): Promise<readonly StoredSecret[]> {
    return this.#list.all(tenant).map((row) => JSON.parse(String(row['body'])) as StoredSecret)
  }
}

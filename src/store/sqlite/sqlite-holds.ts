import type { DatabaseSync, StatementSync } from 'node:sqlite'

import type { HoldStore } from '../../audit/hold-store.ts'
import type { LegalHold } from '../../core/erasure.ts'
import type { TenantId } from '../../core/ids.ts'

export class SqliteHolds implements HoldStore {
  readonly #list: StatementSync

  constructor(db: DatabaseSync) {
    this.#list = db.prepare('SELECT body FROM hold WHERE tenant = ? ORDER BY id')
  }

  async list(tenant: TenantId): Promise<readonly LegalHold[]> {
    return this.#list.all(tenant).map((row) => JSON.parse(String(row['body'])) as LegalHold)
  }
}

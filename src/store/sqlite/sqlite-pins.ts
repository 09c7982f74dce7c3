import type { DatabaseSync, StatementSync } from 'node:sqlite'

import type { TenantId } from '../../core/ids.ts'
import type { ToolPin } from '../../core/tool-pin.ts'
import type { PinStore } from '../../gate/pins/pin-store.ts'

export class SqlitePins implements PinStore {
  readonly #list: StatementSync

  constructor(db: DatabaseSync) {
    this.#list = db.prepare('SELECT body FROM pin WHERE tenant = ? ORDER BY server, name')
  }

  async list(tenant: TenantId): Promise<readonly ToolPin[]> {
    return this.#list.all(tenant).map((row) => JSON.parse(String(row['body'])) as ToolPin)
  }
}

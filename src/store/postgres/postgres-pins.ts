import type { Pool } from 'pg'
import type { TenantId } from '../../core/ids.ts'
import type { ToolPin } from '../../core/tool-pin.ts'
import type { PinStore } from '../../gate/pins/pin-store.ts'

export class PostgresPins implements PinStore {
  readonly #pool: Pool

  constructor(pool: Pool) {
    this.#pool = pool
  }

  async list(tenant: TenantId): Promise<readonly ToolPin[]> {
    const { rows } = await this.#pool.query<{ body: string }>(
      'SELECT body FROM pin WHERE tenant = $1 ORDER BY server COLLATE "C", name COLLATE "C"',
      [tenant],
    )
    return rows.map(({ body }) => JSON.parse(body) as ToolPin)
  }
}

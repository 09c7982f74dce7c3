import type { DatabaseSync, StatementSync } from 'node:sqlite'

import type { GrantStore } from '../../approvals/grant-store.ts'
import type { Grant } from '../../core/grant.ts'
import type { Digest, GrantId, TaskId, TenantId } from '../../core/ids.ts'

export class SqliteGrants implements GrantStore {
  readonly #get: StatementSync
  readonly #find: StatementSync
  readonly #list: StatementSync
  readonly #listByTask: StatementSync

  constructor(db: DatabaseSync) {
    const select = 'SELECT body, uses, revoked FROM lasting_grant WHERE tenant = ?'
    const newest = 'ORDER BY created DESC, rowid DESC LIMIT ?'
    this.#get = db.prepare(`${select} AND id = ?`)
    this.#find = db.prepare(`${select} AND task = ? AND covers = ? AND revoked IS NULL`)
    this.#list = db.prepare(`${select} ${newest}`)
    this.#listByTask = db.prepare(`${select} AND task = ? ${newest}`)
  }

  async get(tenant: TenantId, id: GrantId): Promise<Grant | undefined> {
    const row = this.#get.get(tenant, id)
    return row && grantOf(row)
  }

  async findCovering(tenant: TenantId, task: TaskId, covers: Digest): Promise<Grant | undefined> {
    const row = this.#find.get(tenant, task, covers)
    return row && grantOf(row)
  }

  async list(
    tenant: TenantId,
    { task, limit }: { readonly task?: TaskId; readonly limit: number },
  ): Promise<readonly Grant[]> {
    const rows =
      task === undefined ? this.#list.all(tenant, limit) : this.#listByTask.all(tenant, task, limit)
    return rows.map(grantOf)
  }
}

function grantOf(row: Record<string, unknown>): Grant {
  const body = JSON.parse(String(row['body'])) as Omit<Grant, 'uses' | 'revoked'>
  const { revoked } = row
  return {
    ...body,
    uses: Number(row['uses']),
    ...(typeof revoked === 'string' && { revoked: JSON.parse(revoked) as NonNullable<Grant['revoked']> }),
  }
}

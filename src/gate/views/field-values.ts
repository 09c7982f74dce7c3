import { type FieldName, fieldOf } from '../../core/audit-query/fields.ts'
import type { Actor } from '../administration.ts'
import type { AdministrationDeps } from '../administration-deps.ts'
import { recordRead } from '../read-records.ts'
import { limitedTo } from '../reach.ts'

export interface ValueWish {
  readonly field: FieldName
  readonly prefix: string
  readonly limit: number
}

/**
 * Values that records have in a field and that begin so: words of envelopes, for those who see everybody’s. What stands in
 * what records carry is for auditors, and that they looked is on record.
 */
export async function fieldValues(
  deps: AdministrationDeps,
  actor: Actor,
  { field, prefix, limit }: ValueWish,
): Promise<readonly string[]> {
  const { values: closed, erasable } = fieldOf(field)
  if (closed !== undefined) return closed.filter((value) => value.startsWith(prefix)).slice(0, limit)
  if (limitedTo(actor) !== undefined || actor.onlyTask !== undefined || field === 'id') return []
  if (erasable === true) {
    if (actor.reach === 'bare') return []
    await recordRead(deps, actor, {})
  }
  return deps.search.values(deps.settings.tenant, field, prefix, limit)
}

import type { SavedView } from '../../core/audit-query/saved-view.ts'
import { newId } from '../../core/ids.ts'
import type { NewRecord } from '../../core/record.ts'
import type { AdministrationDeps } from '../administration-deps.ts'
import { adminRecord } from '../admin-records.ts'

/** That a view was made, changed or removed. Its words may name a person or a path: they stand where they can be erased. */
export function viewRecord(
  { settings, clock, entropy }: Pick<AdministrationDeps, 'settings' | 'clock' | 'entropy'>,
  actor: string,
  { human, shared, name, query }: Pick<SavedView, 'human' | 'shared' | 'name' | 'query'>,
  done: { readonly kind: 'view.saved'; readonly changed: boolean } | { readonly kind: 'view.removed' },
): NewRecord {
  return adminRecord(settings, {
    kind: done.kind,
    id: newId('viw', entropy.bytes(16)),
    at: clock.now(),
    actor,
    data: { human, shared, ...('changed' in done ? { changed: done.changed } : {}) },
    detail: { data: { name, query } },
  })
}

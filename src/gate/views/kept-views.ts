import type { SavedView } from '../../core/audit-query/saved-view.ts'
import { canonicalJson } from '../../core/canonical-json.ts'
import type { Change } from '../../core/change.ts'
import type { Digest, HumanId, TenantId } from '../../core/ids.ts'
import type { StoredOAuthEntry } from '../../core/oauth-entry.ts'

/** Where views are kept, beside what logging in keeps. */
export interface ViewStore {
  list(tenant: TenantId, model: string, uid: string): Promise<readonly StoredOAuthEntry[]>
}

const MODEL = 'audit.view'
/** All are listed under one name. */
const ALL = '*'

/** Oldest first. */
export async function keptViews(store: ViewStore, tenant: TenantId): Promise<readonly SavedView[]> {
  const entries = await store.list(tenant, MODEL, ALL)
  return entries.map(({ body }) => JSON.parse(body) as SavedView)
}

type Place = Pick<SavedView, 'human' | 'name'>

/** In place of what the same human keeps under the same name. */
export function putView(view: SavedView, sha256: (text: string) => Digest): Change {
  const { tenant, at } = view
  return {
    kind: 'put-oauth',
    entry: {
      tenant,
      model: MODEL,
      id: idOf(view, sha256),
      uid: ALL,
      at,
      expires: Number.MAX_SAFE_INTEGER,
      body: JSON.stringify(view),
    },
  }
}

/** Conflict when it is not there. */
export function removeKeptView(
  tenant: TenantId,
  view: { readonly human: HumanId; readonly name: string },
  sha256: (text: string) => Digest,
): Change {
  return { kind: 'remove-oauth', tenant, model: MODEL, id: idOf(view, sha256) }
}

function idOf({ human, name }: Place, sha256: (text: string) => Digest): Digest {
  return sha256(canonicalJson({ v: 1, kind: 'audit.view', human, name }))
}

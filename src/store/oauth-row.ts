import type { TenantId } from '../core/ids.ts'
import type { StoredOAuthEntry } from '../core/oauth-entry.ts'

export const OAUTH_COLUMNS = 'tenant, model, id, uid, user_code, at, expires, consumed, body'

/** Numbers may come as text, as 64-bit integers of PostgreSQL do. */
export function oauthEntry(row: Readonly<Record<string, unknown>> | undefined): StoredOAuthEntry | undefined {
  if (row === undefined) return undefined
  const { uid, user_code: userCode, consumed } = row
  return {
    tenant: String(row['tenant']) as TenantId,
    model: String(row['model']),
    id: String(row['id']),
    at: Number(row['at']),
    expires: Number(row['expires']),
    body: String(row['body']),
    ...(typeof uid === 'string' ? { uid } : {}),
    ...(typeof userCode === 'string' ? { userCode } : {}),
    ...(consumed === null || consumed === undefined ? {} : { consumed: Number(consumed) }),
  }
}

import { createHash } from 'node:crypto'
import type { Change } from '../core/change.ts'
import type { StoredOAuthEntry } from '../core/oauth-entry.ts'
import type { LoginDeps } from './login-deps.ts'

export type EntryKind =
  | 'session'
  | 'passkey'
  | 'invitation'
  | 'recovery'
  | 'spent'
  | 'pending'
  | 'returned'
  | 'identity'
  | 'person'
  | 'people'

/** A kept thing, read: neither expired nor used up. */
export interface Entry<Body> {
  /** Digest under which it lies; shows nothing that could be presented. */
  readonly id: string
  readonly human: string | undefined
  readonly at: number
  readonly expires: number
  readonly body: Body
}

type EntryPlace = Pick<LoginDeps, 'tenant' | 'store' | 'clock'>

/** What the store keeps of a secret: nobody who reads it can present it. */
export function digestOf(secret: string | Uint8Array): string {
  return createHash('sha256').update(secret).digest('base64url')
}

export async function readEntry<Body>(
  { tenant, store, clock }: EntryPlace,
  kind: EntryKind,
  id: string,
): Promise<Entry<Body> | undefined> {
  const found = await store.get(tenant, `login.${kind}`, id)
  return found === undefined ? undefined : live<Body>(found, clock.now())
}

/** Oldest first. */
export async function listEntries<Body>(
  { tenant, store, clock }: EntryPlace,
  kind: EntryKind,
  human: string,
): Promise<readonly Entry<Body>[]> {
  const found = await store.list(tenant, `login.${kind}`, human)
  return found.flatMap((entry) => live<Body>(entry, clock.now()) ?? [])
}

export function putEntry(
  { tenant, clock }: EntryPlace,
  kind: EntryKind,
  entry: {
    readonly id: string
    readonly human?: string
    /** Milliseconds since the epoch; default now. */
    readonly at?: number
    readonly expires: number
    readonly body: unknown
  },
): Change {
  const { id, human, at = clock.now(), expires, body } = entry
  return {
    kind: 'put-oauth',
    entry: {
      tenant,
      model: `login.${kind}`,
      id,
      at,
      expires,
      body: JSON.stringify(body),
      ...(human === undefined ? {} : { uid: human }),
    },
  }
}

/** Used up for good: what is put again under the id stays so. Conflicts when it is not there or was used up before. */
export function useUp({ tenant, clock }: EntryPlace, kind: EntryKind, id: string): Change {
  return { kind: 'consume-oauth', tenant, model: `login.${kind}`, id, at: clock.now() }
}

/** Good once, over all replicas: conflicts when it was spent before. @param expires when nobody could use it anyway. */
export function spend(place: EntryPlace, what: string, expires: number): readonly Change[] {
  const id = digestOf(what)
  return [putEntry(place, 'spent', { id, expires, body: 1 }), useUp(place, 'spent', id)]
}

function live<Body>(entry: StoredOAuthEntry, now: number): Entry<Body> | undefined {
  if (entry.consumed !== undefined || now >= entry.expires) return undefined
  const { id, uid: human, at, expires, body } = entry
  return { id, human, at, expires, body: JSON.parse(body) as Body }
}

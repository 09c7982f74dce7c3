import type { TenantId } from './ids.ts'

/** One thing that the authorization server keeps: a client, a code, a refresh token, an interaction, … */
export interface OAuthEntry {
  readonly tenant: TenantId
  /** What kind of thing, in the words of the protocol library. */
  readonly model: string
  /** A digest of its id, so that the store holds no code or token that could be used. */
  readonly id: string
  readonly uid?: string
  readonly userCode?: string
  /** Milliseconds since the epoch: when it was written, and when it may be forgotten. */
  readonly at: number
  readonly expires: number
  /** JSON. */
  readonly body: string
}

/** An entry as it is read: `consumed` is set once, and nothing takes it back. */
export type StoredOAuthEntry = OAuthEntry & { readonly consumed?: number }

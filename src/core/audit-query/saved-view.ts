import type { HumanId, TenantId } from '../ids.ts'

/** A question to the ledger that a human keeps under a name; it finds what whoever asks it may see. */
export interface SavedView {
  readonly tenant: TenantId
  readonly human: HumanId
  /** One of this human’s views, as `VIEW_NAME` says. */
  readonly name: string
  /** In the language of docs/audit.md. */
  readonly query: string
  /** Everybody of the tenant may use it. */
  readonly shared: boolean
  /** When it was made or last changed, milliseconds since the epoch. */
  readonly at: number
}

/** No `/`, so that `human/name` is somebody’s view. */
export const VIEW_NAME = /^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N} ._-]{0,62}[\p{L}\p{M}\p{N}._-])?$/u

/** That a human may keep. */
export const MOST_VIEWS = 100

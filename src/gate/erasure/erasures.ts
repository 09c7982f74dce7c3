import type { ErasablePart, ErasureSelection, HoldTarget, LegalHold } from '../../core/erasure.ts'
import type { Actor } from '../administration.ts'

/** What is to be destroyed, and why. */
export interface ErasureWish {
  readonly selection: ErasureSelection
  readonly parts: readonly ErasablePart[]
}

/** What an erasure takes, or would take. */
export interface ErasureCount {
  /** Records whose content it takes. */
  readonly records: number
  readonly approvals: number
  readonly grants: number
  readonly tasks: number
  /** Records that a hold keeps. */
  readonly held: number
  /** Ids of the holds that do. */
  readonly holds: readonly string[]
  /** Tasks that still run: their rows stay until they end and this is asked for again. */
  readonly live: readonly string[]
}

/** Destroying content of the ledger by order, and what forbids it. */
export interface Erasures {
  /** Looks, and changes nothing. */
  count(actor: Actor, wish: ErasureWish): Promise<ErasureCount>
  /**
   * Destroys content and salts of every selected record, and the rows that repeat it. Which they are is fixed when it is
   * ordered; what a crash leaves is done at the next start.
   * @throws RemitError `role_missing`, `input_invalid`, `legal_hold`.
   */
  erase(
    actor: Actor,
    wish: ErasureWish & { readonly reason: string },
  ): Promise<ErasureCount & { readonly order: string }>
  listHolds(actor: Actor): Promise<readonly LegalHold[]>
  placeHold(actor: Actor, wish: { readonly covers: HoldTarget; readonly reason: string }): Promise<LegalHold>
  /** @throws RemitError `role_missing`, `not_found`. */
  liftHold(actor: Actor, wish: { readonly id: string; readonly reason: string }): Promise<LegalHold>
}

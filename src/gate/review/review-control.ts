import type { Actor } from '../administration.ts'
import type { Mark } from './review-item.ts'
import type { ReviewAnswer, ReviewState } from './review-report.ts'

/** Looking at what there is to review, and saying that one did; each look is on record. */
export interface ReviewControl {
  state(): Promise<ReviewState>
  answer(actor: Actor, wish: { readonly fresh: boolean }): Promise<ReviewAnswer>
  /** @throws RemitError `role_missing`, `not_found`. */
  mark(
    actor: Actor,
    wish: { readonly item: string; readonly mark: Mark; readonly until?: number; readonly comment: string },
  ): Promise<void>
  /** @throws RemitError `role_missing`, `review_changed`. */
  signOff(actor: Actor, wish: { readonly digest: string; readonly comment: string }): Promise<ReviewState>
}

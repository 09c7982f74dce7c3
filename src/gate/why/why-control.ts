import type { Actor } from '../administration.ts'
import type { WhyAnswer } from './why-answer.ts'

/** Why a call was decided so, for whoever is concerned; each look is on record. */
export interface WhyControl {
  /** @throws RemitError `decision_unknown`. */
  answer(actor: Actor, id: string): Promise<WhyAnswer>
  /** @throws RemitError `decision_unknown`. */
  report(
    actor: Actor,
    block: { readonly id: string; readonly text: string },
  ): Promise<{ readonly report: string; readonly decision: string }>
}

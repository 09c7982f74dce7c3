import type { ToolCall } from '../core/tool-call.ts'
import type { Verdict } from '../gate/gate.ts'
import type { SealedState } from './request-state.ts'

/** A call that waits for a human, and what the client brought back from an earlier round. */
export interface AskedConsent {
  readonly call: ToolCall
  readonly verdict: Extract<Verdict, { readonly effect: 'consent' }>
  readonly resumed: SealedState | undefined
  /** The method's result may be `input_required`. */
  readonly resumable: boolean
}

/** For the human in front of the client. The page says the rest, to those who may see it. */
export function consentMessage(asked: AskedConsent): string {
  const { call, verdict } = asked
  const reasons = verdict.decision.reasons.map((reason) => reason.text).join('; ')
  return `Remit holds \`${call.tool}\` on \`${call.server}\` until a human approves it: ${reasons}`
}

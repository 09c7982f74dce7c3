import type { Decision } from '../core/decision.ts'
import { asRemitError } from '../core/errors.ts'
import type { DecisionId } from '../core/ids.ts'
import { OUTAGE } from './explain-denial.ts'
import type { GateDeps } from './gate-deps.ts'
import type { ConsentStep } from './seek-consent.ts'

const WHY =
  'people have to agree to this, and what they agreed to cannot be looked up at the moment, so that nothing may be sent'

/**
 * What becomes of a call that asks while approvals or grants cannot be read, whatever the fault is: it is denied, on
 * record. Where nothing can be recorded either, `ledger_unavailable` says so and the call is refused as well.
 */
export function denyInOutage(
  deps: Pick<GateDeps, 'log'>,
  asked: { readonly decision: Decision; readonly id: DecisionId },
  thrown: unknown,
): ConsentStep {
  const { code, detail, message } = asRemitError(thrown)
  deps.log.log('error', 'consent.unavailable', { decision: asked.id, code, detail: detail ?? message })
  const { decision } = asked
  return {
    decision: {
      ...decision,
      effect: 'deny',
      reasons: [{ policy: OUTAGE, text: WHY }, ...decision.reasons],
      policies: [...new Set([OUTAGE, ...decision.policies])].toSorted(),
      gates: [],
    },
    scopes: [],
    changes: [],
    records: [],
    changed: [],
  }
}

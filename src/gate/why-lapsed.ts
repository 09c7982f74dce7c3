import { isSameGate } from '../approvals/coverage.ts'
import { worldDifference } from '../approvals/world.ts'
import type { Approval } from '../core/approval.ts'
import type { Decision, Gate, Reason } from '../core/decision.ts'
import type { ConsideredCall } from './consider-call.ts'
import { whyVotesFail } from './find-approvers.ts'
import type { GateDeps } from './gate-deps.ts'
import type { Look } from './world/look-at-world.ts'

/** What a reason names where an approval, and no rule, is why a call asks again. */
export const APPROVALS = 'remit:approvals'

/**
 * Why an approval of exactly this call does not count any more: other gates stand open now than those that were asked
 * about, the arguments stand for something else, or whoever agreed could not do so today. Another set of policies that
 * asks for the same voids nothing.
 */
export function whyLapsed(
  deps: GateDeps,
  { caller, policies }: ConsideredCall,
  now: {
    readonly approval: Approval
    readonly decision: Decision
    /** Absent = nobody looks. */
    readonly look: Look | undefined
  },
): Reason | undefined {
  const { approval, decision, look } = now
  const why = sameGates(approval.gates, decision.gates)
    ? ((look && worldDifference(approval.world, look.seen, deps.sha256)) ??
      (approval.state === 'granted'
        ? whyVotesFail(deps, { approval, chain: caller.chain, policies })
        : undefined))
    : 'what has to be agreed to is another now, since rules, the task or what it has done changed'
  return why === undefined
    ? undefined
    : { policy: APPROVALS, text: `the approval \`${approval.id}\` no longer counts: ${why}` }
}

function sameGates(asked: readonly Gate[], open: readonly Gate[]): boolean {
  const covers = (some: readonly Gate[], others: readonly Gate[]): boolean =>
    others.every((other) => some.some((one) => isSameGate(one, other)))
  return covers(asked, open) && covers(open, asked)
}

import { repeats, workOf } from '../approvals/asked-work.ts'
import type { Approval } from '../core/approval.ts'
import type { Decision } from '../core/decision.ts'
import type { ConsideredCall } from './consider-call.ts'
import type { GateDeps } from './gate-deps.ts'
import { rootOf } from './gather-facts.ts'

/** Refusals of one tree of tasks that are looked at, newest first: it may ask a few hundred times while it lives. */
const MOST = 1_000

/** What people refused this tree of tasks and this call would do again, whatever its bytes are. */
export async function recallRefusal(
  deps: GateDeps,
  { caller, call, classification }: ConsideredCall,
): Promise<Approval | undefined> {
  const root = rootOf(caller.chain)
  const refused = await deps.approvals.refused(root.tenant, root.id, MOST)
  if (refused.length === 0) return undefined
  const { operations } = classification
  const done = workOf({ operations, arguments: call.arguments }, deps.sha256)
  return refused.find(({ work = [] }) => repeats(done, work))
}

export function refusedDecision(approval: Approval): Decision {
  const policies = [...new Set(approval.gates.map((gate) => gate.policy))].toSorted()
  const { human = 'an approver', reason = 'no reason given' } = approval.refusal ?? {}
  const text = `\`${human}\` refused this for the whole task: ${reason}`
  return {
    effect: 'deny',
    reasons: policies.map((policy) => ({ policy, text })),
    policies,
    gates: [],
    obligations: [],
    errors: [],
  }
}

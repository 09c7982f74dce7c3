import type { RemitError } from '../core/errors.ts'
import { newId, type DecisionId } from '../core/ids.ts'
import type { ToolCall } from '../core/tool-call.ts'
import { decisionRecord, rootIncrements } from './build-records.ts'
import { considerCall } from './consider-call.ts'
import type { Caller } from './gate.ts'
import type { GateDeps } from './gate-deps.ts'

/** Stands where the policy's id would: nothing was asked, since there was nowhere to send the call. */
export const ROUTE = 'remit:route'

/** An attempt that could not be routed is an attempt all the same: it is on record as denied, with why. */
export async function recordUnrouted(
  deps: GateDeps,
  caller: Caller,
  call: ToolCall,
  error: RemitError,
): Promise<void> {
  const { toolUse } = call.correlation
  if (call.door === 'mcp' && toolUse !== undefined) deps.presence?.called(caller, toolUse)
  const considered = await considerCall(deps, caller, call)
  const decision = {
    effect: 'deny',
    reasons: [{ policy: ROUTE, text: error.message }],
    policies: [ROUTE],
    gates: [],
    obligations: [],
    errors: [],
  } as const
  const { policies, ...rest } = considered
  const id = newId('dec', deps.entropy.bytes(16)) as DecisionId
  await deps.journal.commit({
    records: [decisionRecord({ ...rest, id, decision, policyHash: policies.hash, micros: 0 })],
    changes: [rootIncrements(caller, { denials: 1 })],
  })
  deps.observer.decided('deny', 0)
}

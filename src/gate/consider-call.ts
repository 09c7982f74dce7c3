import type { Classification } from '../classify/classify.ts'
import type { Decision, EvaluationError } from '../core/decision.ts'
import type { Facts } from '../core/facts.ts'
import type { ToolCall } from '../core/tool-call.ts'
import type { PolicySet } from '../policy/policy-set.ts'
import type { Caller } from './gate.ts'
import type { GateDeps } from './gate-deps.ts'
import { gatherFacts, rootOf } from './gather-facts.ts'
import type { Takings } from './take-budget.ts'
import { redactCall, type RedactedCall } from './redact-call.ts'

/** A call with all that its decision depends on; the set of policies stays the one it started with. */
export interface ConsideredCall {
  readonly caller: Caller
  readonly call: ToolCall
  readonly classification: Classification
  readonly facts: Facts
  readonly takings: Takings
  readonly policies: PolicySet
  readonly redacted: RedactedCall
}

/** Steps 2 and the first half of 3: what the call would do, and everything that policy can see. */
export async function considerCall(deps: GateDeps, caller: Caller, call: ToolCall): Promise<ConsideredCall> {
  const { workspace } = caller.chain.task
  const tree = rootOf(caller.chain).id
  const read = deps.classifier.classify(call, {
    tree,
    ...(workspace === undefined ? {} : { workspace }),
  })
  const completed = deps.classifier.complete(read)
  const classification = completed instanceof Promise ? await completed : completed
  const { facts, takings } = await gatherFacts(deps, caller, call, classification)
  const redacted = await redactCall(deps, call, { secrets: classification.secrets, tree })
  return { caller, call, classification, facts, takings, policies: deps.policies.current(), redacted }
}

/** Step 3. Whatever goes wrong is a deny that says so. */
export function decide(considered: ConsideredCall, approvals: readonly string[] = []): Decision {
  const { caller, classification, facts, policies } = considered
  if (classification.operations.length === 0) {
    return denyFor({ policy: 'remit:classifier', message: 'the call was classified as doing nothing at all' })
  }
  try {
    return policies.decide({
      chain: caller.chain,
      human: caller.human,
      operations: classification.operations,
      facts: { ...facts, approvals },
    })
  } catch (thrown) {
    return denyFor({
      policy: 'remit:engine',
      message: thrown instanceof Error ? thrown.message : String(thrown),
    })
  }
}

function denyFor(error: EvaluationError): Decision {
  return {
    effect: 'deny',
    reasons: [{ policy: error.policy, text: 'the gateway could not decide this call, so it is refused' }],
    policies: [error.policy],
    gates: [],
    obligations: [],
    errors: [error],
  }
}

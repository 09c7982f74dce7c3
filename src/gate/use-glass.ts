import { glassDigest } from '../approvals/break-glass.ts'
import { expireIfDue } from '../approvals/machine.ts'
import type { Decision } from '../core/decision.ts'
import { decide, type ConsideredCall } from './consider-call.ts'
import type { GateDeps } from './gate-deps.ts'
import type { ConsentStep } from './seek-consent.ts'

/**
 * While the glass is broken for the acting task every gate is closed, and nothing else is: the call is decided again, and
 * what denies still denies. Undefined = it is not broken, or policy would not allow it all the same.
 */
export async function useGlass(
  deps: GateDeps,
  considered: ConsideredCall,
  asked: { readonly decision: Decision },
): Promise<ConsentStep | undefined> {
  const { tenant, id: task } = considered.caller.chain.task
  const glass = await deps.approvals.findByCall(tenant, task, glassDigest({ tenant, task }, deps.sha256))
  if (glass === undefined || expireIfDue(glass, considered.facts.now).state !== 'granted') return undefined
  const scopes = [...new Set(asked.decision.gates.map((gate) => gate.scope))]
  const decision = decide(considered, scopes)
  if (decision.effect !== 'allow') return undefined
  deps.log.log('warn', 'break_glass.used', { approval: glass.id, task, tool: considered.call.tool })
  const from = { id: glass.id, state: glass.state, votes: glass.votes.length }
  return {
    decision,
    glass,
    scopes,
    // Changes nothing, and conflicts where somebody ended it meanwhile.
    changes: [{ kind: 'update-approval', from, approval: glass }],
    records: [],
    changed: [],
  }
}

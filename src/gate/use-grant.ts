import { closesAll, coverageOf, mayLast } from '../approvals/coverage.ts'
import type { Decision, Reason } from '../core/decision.ts'
import { grantState, type Coverage } from '../core/grant.ts'
import { decide, type ConsideredCall } from './consider-call.ts'
import type { GateDeps } from './gate-deps.ts'
import type { ConsentStep } from './seek-consent.ts'
import { whyNotAgreed } from './still-agreed.ts'
import { whySteered } from './world/why-steered.ts'

/** What a reason names where a grant, and no rule, is why a call asks. */
export const GRANTS = 'remit:grants'

/** What a grant for this call would have to cover; undefined = it can be agreed to once only. */
export function coverageOfAsked(
  deps: GateDeps,
  { caller, call, classification, redacted }: ConsideredCall,
  { gates }: Decision,
): Coverage | undefined {
  // What lasts is kept and shown with its arguments.
  if (!mayLast(gates) || redacted.secrets.length > 0) return undefined
  const { tenant, id } = caller.chain.task
  const { operations, notes = [] } = classification
  return coverageOf({ tenant, task: id, call, operations, notes }, deps.sha256)
}

/** What the grants of a task say to a call: it runs, or why the one that would let it run does not count. */
export type GrantAnswer = { readonly step: ConsentStep } | { readonly lapsed: Reason }

/**
 * A grant of the acting task that covers exactly this work, closes every gate that is open now, and was given by people
 * who still could give it, while what decides which code runs is as it was. The call is decided again with its scopes. Undefined = there is none, or policy would not
 * allow it all the same.
 */
export async function useGrant(
  deps: GateDeps,
  considered: ConsideredCall,
  asked: { readonly decision: Decision; readonly covers: Coverage | undefined },
): Promise<GrantAnswer | undefined> {
  if (asked.covers === undefined) return undefined
  const { chain } = considered.caller
  const { tenant, id } = chain.task
  const grant = await deps.grants.findCovering(tenant, id, asked.covers.digest)
  if (grant === undefined || grantState(grant, considered.facts.now) !== 'active') return undefined
  if (!closesAll(grant, asked.decision.gates)) return undefined
  const why =
    (await whyNotAgreed(deps, { chain, policies: considered.policies }, grant)) ??
    (await whySteered(deps, considered, grant))
  if (why !== undefined) {
    deps.log.log('warn', 'grant.lapsed', { grant: grant.id, task: id, why })
    return { lapsed: { policy: GRANTS, text: `the grant \`${grant.id}\` no longer counts: ${why}` } }
  }
  const scopes = grant.gates.map((gate) => gate.scope)
  const decision = decide(considered, scopes)
  if (decision.effect !== 'allow') return undefined
  const changes = [{ kind: 'use-grant', tenant, grant: grant.id }] as const
  return { step: { decision, grant, scopes, changes, records: [], changed: [] } }
}

import { closesAll, coverageOf, mayLast } from '../approvals/coverage.ts'
import { widerCoverages } from '../approvals/widen-coverage.ts'
import type { Decision, Reason } from '../core/decision.ts'
import type { Digest } from '../core/ids.ts'
import { grantState, type Coverage } from '../core/grant.ts'
import { decide, type ConsideredCall } from './consider-call.ts'
import type { GateDeps } from './gate-deps.ts'
import type { ConsentStep } from './seek-consent.ts'
import { whyNotAgreed } from './still-agreed.ts'
import { whySteered } from './world/why-steered.ts'

/** What a reason names where a grant, and no rule, is why a call asks. */
export const GRANTS = 'remit:grants'

/** What a grant for this call would have to cover. */
export interface AskedCoverage {
  /** Undefined = it can be agreed to once only. */
  readonly covers: Coverage | undefined
  /** What covers more than it, along each axis that is safe. */
  readonly wider: readonly Coverage[]
}

export function coverageOfAsked(
  deps: GateDeps,
  { caller, call, classification, redacted }: ConsideredCall,
  { gates }: Decision,
): AskedCoverage {
  // What lasts is kept and shown with its arguments.
  if (!mayLast(gates) || redacted.secrets.length > 0) return { covers: undefined, wider: [] }
  const { tenant, id } = caller.chain.task
  const { operations, notes = [] } = classification
  const asked = { tenant, task: id, call, operations, notes }
  return { covers: coverageOf(asked, deps.sha256), wider: widerCoverages(asked, deps.sha256) }
}

/** What the grants of a task say to a call: it runs, or why the one that would let it run does not count. */
export type GrantAnswer = { readonly step: ConsentStep } | { readonly lapsed: Reason }

/**
 * A grant of the acting task that covers this work, exactly or else along the axis that its approvers chose, closes every
 * gate that is open now, and was given by people who still could give it, while what decides which code runs is as it was.
 * The call is decided again with its scopes. Undefined = there is none, or policy would not allow it all the same.
 */
export async function useGrant(
  deps: GateDeps,
  considered: ConsideredCall,
  asked: AskedCoverage & { readonly decision: Decision },
): Promise<GrantAnswer | undefined> {
  const answers: GrantAnswer[] = []
  for (const { digest } of asked.covers === undefined ? [] : [asked.covers, ...asked.wider]) {
    const answer = await useCovering(deps, considered, { decision: asked.decision, digest })
    if (answer !== undefined && 'step' in answer) return answer
    if (answer !== undefined) answers.push(answer)
  }
  return answers[0]
}

async function useCovering(
  deps: GateDeps,
  considered: ConsideredCall,
  asked: { readonly decision: Decision; readonly digest: Digest },
): Promise<GrantAnswer | undefined> {
  const { chain } = considered.caller
  const { tenant, id } = chain.task
  const grant = await deps.grants.findCovering(tenant, id, asked.digest)
  if (grant === undefined || grantState(grant, considered.facts.now) !== 'active') return undefined
  if (!closesAll(grant, asked.decision.gates)) return undefined
  const why =
    (await whyNotAgreed(deps, { chain, policies: considered.policies }, grant)) ??
    (await whySteered(
      deps,
      { chain, call: considered.call, operations: considered.classification.operations },
      grant,
    ))
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

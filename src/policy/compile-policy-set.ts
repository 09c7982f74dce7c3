import type { Gate } from '../core/decision.ts'
import { canonicalJson } from '../core/canonical-json.ts'
import { mayApprove } from './approve.ts'
import { BUILTIN_PREFIX } from './builtin-policies.ts'
import { compilePolicy } from './compile-policy.ts'
import { decide } from './decide.ts'
import { dissectPolicy } from './dissect-policy.ts'
import { RequestEntities } from './entities.ts'
import { Explainer } from './explain-decision.ts'
import { PolicyIndex } from './index-policies.ts'
import type { ParsedPolicies } from './parse-policies.ts'
import { sha256 } from './policy-cache.ts'
import type { DecisionRequest, LoadedPolicySet } from './policy-set.ts'
import { passingReads, visibilityKey } from './visibility-key.ts'
import { ToolVisibility } from './visible.ts'

/** @throws RemitError `policy_engine_failed` for a JSON form that this version cannot compile. */
export function compilePolicySet(parsed: ParsedPolicies, schemaText: string): LoadedPolicySet {
  const policies = parsed.policies.map(({ id, file, est }) =>
    compilePolicy(
      est,
      id.startsWith(BUILTIN_PREFIX) ? { id, source: 'builtin' } : { id, source: 'pack', file },
    ),
  )
  const index = new PolicyIndex(policies, new RequestEntities([]))
  const types = new Map(
    Object.entries(parsed.schema.resourceTypes).map(([action, list]) => [action, new Set(list)]),
  )
  const visibility = new ToolVisibility(index)
  const reads = passingReads(parsed.policies.map(({ est }) => est))
  const gates = new Map<string, Gate>()
  for (const { info, gate } of policies) if (gate !== undefined) gates.set(info.id, gate)
  const decideRequest = (request: DecisionRequest) => decide(index, types, request)
  let explainer: Explainer | undefined
  return {
    hash: hashOf(parsed, schemaText),
    policies: policies.map(({ info }) => info),
    decide: decideRequest,
    visible: (request) => visibility.of(request),
    visibilityKey: ({ facts }) => visibilityKey(facts, reads),
    mayApprove: (human, approval, facts) => mayApprove(index, human, { approval, facts }),
    gatesOf: (policy) => gates.get(policy),
    decideRelaxed: (request, relaxation) => decide(index, types, request, relaxation),
    explain: (request) => {
      explainer ??= new Explainer({ decide: decideRequest }, parsed.policies.map(dissectPolicy))
      return explainer.explain(request)
    },
  }
}

/** Comments, white space and the order and names of files do not change what a set says, nor its hash. */
function hashOf(parsed: ParsedPolicies, schemaText: string): string {
  const byId = Object.fromEntries(parsed.policies.map(({ id, est }) => [id, est]))
  return sha256(canonicalJson({ policies: byId, schema: schemaText }))
}

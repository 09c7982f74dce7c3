import { canonicalJson } from '../core/canonical-json.ts'
import { obligationsFrom } from './annotations.ts'
import { annotationsOf, textMember } from './est.ts'
import type { PolicyBundle } from './load-policy-set.ts'
import type { ParsedPolicy } from './parse-job.ts'

/** One part of a change that could let something pass which did not pass before. */
export interface PossibleLoosening {
  /** Id of the policy, or what of the schema changed. */
  readonly what: string
  readonly how:
    | 'permit added'
    | 'permit changed'
    | 'obligation removed'
    | 'forbid removed'
    | 'forbid changed'
    | 'schema widened'
}

/**
 * What of a change could loosen. Judged by the form of the change, never by trying requests: adding a forbid and
 * removing a permit that asks nothing can only tighten, whatever is asked; everything else counts as loosening, since no sample of
 * requests shows that it is not. Empty = the change only tightens.
 */
export function mayLoosen(before: PolicyBundle, after: PolicyBundle): readonly PossibleLoosening[] {
  const [was, is] = [before, after].map(({ parsed }) => meanings(parsed.policies))
  if (was === undefined || is === undefined) return []
  const kept = new Set(before.parsed.policies.map(({ id }) => id))
  const stay = new Set(after.parsed.policies.map(({ id }) => id))
  const permits = [...is].flatMap(([meaning, policy]) => {
    if (textMember(policy.est, 'effect') === 'forbid' || was.has(meaning)) return []
    return [{ what: policy.id, how: kept.has(policy.id) ? 'permit changed' : 'permit added' } as const]
  })
  const forbids = [...was].flatMap(([meaning, policy]) => {
    if (textMember(policy.est, 'effect') !== 'forbid' || is.has(meaning)) return []
    return [{ what: policy.id, how: stay.has(policy.id) ? 'forbid changed' : 'forbid removed' } as const]
  })
  // Another permit may go on allowing the call, without what this one asks to be done with the result.
  const obligations = [...was].flatMap(([meaning, policy]) => {
    if (is.has(meaning) || obligationsFrom(annotationsOf(policy.est)).length === 0) return []
    return [{ what: policy.id, how: 'obligation removed' } as const]
  })
  return [...permits, ...obligations, ...forbids, ...widenedSchema(before, after)]
}

/** By name and by what a policy does, so that neither a note nor another place in the files counts as a change. */
function meanings(policies: readonly ParsedPolicy[]): ReadonlyMap<string, ParsedPolicy> {
  return new Map(policies.map((policy) => [meaningOf(policy), policy]))
}

function meaningOf({ est }: ParsedPolicy): string {
  const annotations = annotationsOf(est)
  // The reason of a gate is what its approver goes by; any other is only told.
  const told = annotations.has('consent') ? ['doc'] : ['doc', 'reason']
  const binding = Object.fromEntries([...annotations].filter(([name]) => !told.includes(name)))
  return canonicalJson({ ...est, annotations: binding })
}

/** An action that applies to more types of resource may be decided where it was malformed before. */
function widenedSchema(before: PolicyBundle, after: PolicyBundle): readonly PossibleLoosening[] {
  const was = before.parsed.schema.resourceTypes
  return Object.entries(after.parsed.schema.resourceTypes).flatMap(([action, types]) =>
    types.every((type) => was[action]?.includes(type) === true)
      ? []
      : [{ what: `action ${action}`, how: 'schema widened' } as const],
  )
}

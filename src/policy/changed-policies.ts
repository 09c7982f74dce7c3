import { canonicalJson } from '../core/canonical-json.ts'
import type { PolicyBundle } from './load-policy-set.ts'

/** Ids of the policies in which two sets differ. */
export interface PolicyChanges {
  readonly added: readonly string[]
  readonly removed: readonly string[]
  readonly changed: readonly string[]
}

export function changedPolicies(before: PolicyBundle, after: PolicyBundle): PolicyChanges {
  const texts = ({ parsed }: PolicyBundle): ReadonlyMap<string, string> =>
    new Map(parsed.policies.map(({ id, est }) => [id, canonicalJson(est)]))
  const [was, is] = [texts(before), texts(after)]
  return {
    added: [...is.keys()].filter((id) => !was.has(id)),
    removed: [...was.keys()].filter((id) => !is.has(id)),
    changed: [...is].filter(([id, text]) => was.has(id) && was.get(id) !== text).map(([id]) => id),
  }
}

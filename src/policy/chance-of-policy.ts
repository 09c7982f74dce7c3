import type { CompiledPolicy } from './compile-policy.ts'
import type { Evaluation } from './evaluation.ts'

/** Whether a policy is satisfied when some of the request is unknown. */
export type Chance = 'no' | 'perhaps' | 'yes'

/** An error is `perhaps` in a forbid, which then denies, and `no` in a permit, which then does not permit. */
export function chanceOf(policy: CompiledPolicy, evaluation: Evaluation): Chance {
  evaluation.absorbedUnknown = false
  const principal = policy.principal.test(evaluation)
  const resource = policy.resource.test(evaluation)
  if (principal === false || resource === false) return 'no'
  try {
    const condition = policy.condition(evaluation)
    if (condition === false) return policy.forbids && evaluation.absorbedUnknown ? 'perhaps' : 'no'
    return condition === true && principal === true && resource === true ? 'yes' : 'perhaps'
  } catch {
    return policy.forbids ? 'perhaps' : 'no'
  }
}

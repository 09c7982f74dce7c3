import { compileScope } from './compile-scope.ts'
import { member, textMember } from './est.ts'
import { mayHoldForHuman } from './index-policies.ts'
import type { ParsedPolicy } from './parse-job.ts'

/**
 * Whether some permit leaves room for a human as the principal of what tasks do. Without one every call of every task
 * is a deny as `remit:ceiling`, since no task may do what its human may not.
 */
export function permitsAnyHuman(policies: readonly ParsedPolicy[]): boolean {
  return policies.some(({ est }) => {
    if (textMember(est, 'effect') !== 'permit') return false
    const action = compileScope('action', member(est, 'action'))
    if (action.within?.id === 'approve') return false
    return mayHoldForHuman({ principal: compileScope('principal', member(est, 'principal')) })
  })
}

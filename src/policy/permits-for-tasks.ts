import { compileScope } from './compile-scope.ts'
import { member, textMember } from './est.ts'
import type { ParsedPolicy } from './parse-job.ts'

/** Permits that can be why a call is allowed: those for humans alone, and for what people approve, never are. */
export function permitsForTasks(policies: readonly ParsedPolicy[]): ReadonlySet<string> {
  const found = policies.filter(({ est }) => {
    if (textMember(est, 'effect') !== 'permit') return false
    if (compileScope('action', member(est, 'action')).within?.id === 'approve') return false
    const principal = member(est, 'principal')
    return textMember(principal, 'op') !== 'is' || textMember(principal, 'entity_type') !== 'Human'
  })
  return new Set(found.map(({ id }) => id))
}

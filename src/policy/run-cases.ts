import { asRemitError } from '../core/errors.ts'
import { approvalOf, requestOf } from './case-request.ts'
import type { CallCase, PolicyCase } from './case-schema.ts'
import { explain } from './explain.ts'
import type { PolicySet } from './policy-set.ts'

export interface CaseResult {
  readonly name: string
  /** What differs from what was expected; empty = the case passed. */
  readonly differences: readonly string[]
  /** Ids of the policies that decided, for coverage. */
  readonly policies: readonly string[]
}

/** Runs every case against a set of policies. A case that cannot be run is one that failed. */
export function runCases(set: PolicySet, cases: readonly PolicyCase[]): readonly CaseResult[] {
  return cases.map((each) => {
    try {
      return 'approve' in each ? runApproveCase(set, each) : runCallCase(set, each)
    } catch (thrown) {
      return { name: each.name, differences: [asRemitError(thrown).message], policies: [] }
    }
  })
}

function runApproveCase(set: PolicySet, each: Extract<PolicyCase, { approve: unknown }>): CaseResult {
  const { human, approval, facts } = approvalOf(each, (policy) => set.gatesOf(policy))
  const answer = set.mayApprove(human, approval, facts)
  const differences =
    answer.effect === each.expect.effect
      ? []
      : [`expected ${each.expect.effect}, got ${answer.effect}: ${answer.reason}`]
  return { name: each.name, differences, policies: [] }
}

function runCallCase(set: PolicySet, each: CallCase): CaseResult {
  const request = requestOf(each)
  const decision = set.decide(request)
  const differences: string[] = []
  const { effect, policies, gates } = each.expect
  if (decision.effect !== effect) differences.push(`expected ${effect}, got ${decision.effect}`)
  compare('policies', policies, decision.policies, differences)
  compare(
    'gates',
    gates,
    decision.gates.map(({ scope }) => scope),
    differences,
  )
  if (differences.length > 0) differences.push(explain(decision, request.operations))
  return { name: each.name, differences, policies: decision.policies }
}

function compare(
  what: string,
  expected: readonly string[] | undefined,
  got: readonly string[],
  differences: string[],
): void {
  if (expected === undefined) return
  const [wanted, found] = [expected, got].map((list) => [...new Set(list)].sort().join(', '))
  if (wanted !== found) differences.push(`expected ${what} [${wanted}], got [${found}]`)
}

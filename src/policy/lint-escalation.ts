import { parseTimeout, timeoutOf } from './annotations.ts'
import type { LintProblem } from './lint.ts'

/** Others may approve as well only of a gate that names who may, after a time within which it still waits. */
export function escalationProblems(annotations: ReadonlyMap<string, string>): readonly LintProblem[] {
  const to = annotations.get('escalate_to')
  const after = annotations.get('escalate_after')
  if (to === undefined && after === undefined) return []
  const problem = (annotation: string, message: string, help: string): LintProblem => ({
    message: `\`@${annotation}\` ${message}`,
    help,
    annotation,
  })
  if (to === undefined) {
    return [problem('escalate_after', 'needs an `@escalate_to`', 'say who may approve as well by then')]
  }
  if (after === undefined) {
    return [problem('escalate_to', 'needs an `@escalate_after`', 'say when, as in `@escalate_after("10m")`')]
  }
  const by = annotations.get('consent_by')
  // Without a gate it is said already that these mean nothing.
  if (by === undefined && annotations.has('consent')) {
    const help = 'without `@consent_by` whoever policy lets approve may do so from the beginning'
    return [problem('escalate_to', 'needs a `@consent_by`', help)]
  }
  if (by === to) {
    return [problem('escalate_to', 'names who may approve already', 'name another role or team')]
  }
  const [seconds, timeout] = [parseTimeout(after), timeoutOf(annotations)]
  if (seconds === undefined || seconds < timeout) return []
  return [problem('escalate_after', 'is not before the request ends', `say less than its ${timeout} s`)]
}

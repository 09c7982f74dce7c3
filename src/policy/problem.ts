import { RemitError } from '../core/errors.ts'

/** One thing wrong with a policy file. Line and column count from 1. */
export interface Problem {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly message: string
  /** What to do, as the validator or Remit suggests. */
  readonly help?: string
}

const MOST_SHOWN = 50

/** `file:line:column: what is wrong (what to do)` */
export function problemText(problem: Problem): string {
  const help = problem.help === undefined ? '' : ` (${problem.help})`
  return `${problem.file}:${problem.line}:${problem.column}: ${problem.message}${help}`
}

/** One error that lists every problem, in the order of the files. */
export function policyInvalid(problems: readonly Problem[]): RemitError {
  const ordered = problems.toSorted(
    (a, b) => a.file.localeCompare(b.file) || a.line - b.line || a.column - b.column,
  )
  const lines = ordered.slice(0, MOST_SHOWN).map(problemText)
  if (ordered.length > MOST_SHOWN) lines.push(`and ${ordered.length - MOST_SHOWN} more`)
  return new RemitError('policy_invalid', lines.join('\n'), {
    data: { problems: ordered.slice(0, MOST_SHOWN).map((problem) => ({ ...problem })) },
  })
}

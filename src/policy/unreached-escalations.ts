import { durationText } from '../core/escalation.ts'
import { gateFrom } from './annotations.ts'
import { annotationsOf } from './est.ts'
import type { ParsedPolicy } from './parse-job.ts'
import type { Problem } from './problem.ts'

/**
 * Rules that would let others approve as well only when their requests have ended by the configuration, so never.
 * @param lifetime longest that a request waits (`consent.expires`), milliseconds.
 */
export function unreachedEscalations(
  policies: readonly ParsedPolicy[],
  lifetime: number,
): readonly Problem[] {
  return policies.flatMap(({ id, file, line, column, est }) => {
    const { escalateTo, escalateAfter } = gateFrom(annotationsOf(est), id) ?? {}
    if (escalateTo === undefined || escalateAfter === undefined || escalateAfter * 1_000 < lifetime) return []
    const ends = durationText(Math.round(lifetime / 1_000))
    return [
      {
        file,
        line,
        column,
        message: `\`${id}\` lets \`${escalateTo}\` approve after ${durationText(escalateAfter)}, but requests end after ${ends} (\`consent.expires\`)`,
        help: 'make `@escalate_after` shorter, or `consent.expires` longer',
      },
    ]
  })
}

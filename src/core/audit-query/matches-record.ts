import type { RecordDetail, RecordEnvelope } from '../record.ts'
import { instantOf } from '../instant.ts'
import type { Condition } from './condition.ts'
import { matchesText } from './matches-text.ts'
import { LONGEST_TERM, type Term, termsOf } from './record-terms.ts'

export interface LookedAt {
  readonly index: number
  readonly envelope: RecordEnvelope
  readonly detail?: RecordDetail
}

/** Whether one record is what a condition says, by looking at it. */
export function matchesRecord(condition: Condition, record: LookedAt): boolean {
  const at = instantOf(record.envelope.at) ?? 0
  return holds(condition, { index: record.index, at, terms: termsOf(record.envelope, record.detail) })
}

function holds(
  condition: Condition,
  of: { readonly index: number; readonly at: number; readonly terms: readonly Term[] },
): boolean {
  switch (condition.kind) {
    case 'is': {
      const wanted = condition.value.slice(0, LONGEST_TERM)
      return of.terms.some(({ field, value }) => field === condition.field && value === wanted)
    }
    case 'like':
      return of.terms.some(
        ({ field, value }) => field === condition.field && matchesText(condition.pattern, value),
      )
    case 'time':
      return of.at >= condition.from && of.at < condition.until
    case 'place':
      return of.index >= condition.from && of.index < condition.until
    case 'all':
      return condition.of.every((each) => holds(each, of))
    case 'any':
      return condition.of.some((each) => holds(each, of))
    case 'not':
      return !holds(condition.of, of)
  }
}

import type { Effect } from '../../core/decision.ts'
import type { RecordEnvelope, RecordKind } from '../../core/record.ts'

/** Which records are exported; what is absent is not asked about. */
export interface RecordFilter {
  readonly kinds?: ReadonlySet<RecordKind>
  readonly effects?: ReadonlySet<Effect>
  /** Milliseconds since the epoch: from then until before `until`. */
  readonly from?: number
  readonly until?: number
}

/** `effects` is asked of decisions alone: their outcomes and what else is on record do not have one. */
export function passes({ kind, at, decision }: RecordEnvelope, filter: RecordFilter): boolean {
  const { kinds, effects, from = -Infinity, until = Infinity } = filter
  if (kinds !== undefined && !kinds.has(kind)) return false
  if (effects !== undefined && decision !== undefined && !effects.has(decision.effect)) return false
  if (from === -Infinity && until === Infinity) return true
  const time = Date.parse(at)
  return time >= from && time < until
}

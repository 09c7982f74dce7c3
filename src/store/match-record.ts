import type { RecordQuery } from '../audit/record-reader.ts'
import type { RecordEnvelope } from '../core/record.ts'

const DEFAULT_LIMIT = 100
const MOST = 10_000

/** How many records a query may answer with. */
export function queryLimit(query: RecordQuery): number {
  return Math.min(Math.max(query.limit ?? DEFAULT_LIMIT, 0), MOST)
}

/** Whether a record is what a query asks for; its place is not looked at. */
export function matchesQuery(envelope: RecordEnvelope, query: RecordQuery): boolean {
  return (
    (query.kind === undefined || query.kind === envelope.kind) &&
    (query.id === undefined || query.id === envelope.id) &&
    (query.human === undefined || query.human === (envelope.identity?.human ?? envelope.actor)) &&
    (query.task === undefined || query.task === envelope.identity?.task)
  )
}

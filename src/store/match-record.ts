import type { RecordQuery } from '../audit/record-reader.ts'
import type { RecordSearch } from '../audit/record-search.ts'
import { allOf, type Condition, is } from '../core/audit-query/condition.ts'
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

/** A query as a search by the index. */
export function searchOf(query: RecordQuery): RecordSearch {
  const { tenant, kind, id, task, human, after, before } = query
  const conditions: readonly (Condition | undefined)[] = [
    id === undefined ? undefined : is('id', id),
    task === undefined ? undefined : is('task', task),
    human === undefined ? undefined : is('human', human),
    kind === undefined ? undefined : is('kind', kind),
    after === undefined ? undefined : { kind: 'place', from: after + 1, until: Infinity },
  ]
  const where = allOf(conditions.filter((condition) => condition !== undefined))
  return {
    tenant,
    where,
    order: 'newest',
    ...(before === undefined ? {} : { past: before }),
    limit: queryLimit(query),
  }
}

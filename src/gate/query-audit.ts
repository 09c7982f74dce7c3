import type { CountedPage, FoundPage } from '../audit/record-search.ts'
import { allOf, type Condition, erasableFields, is } from '../core/audit-query/condition.ts'
import { type AuditQuery, parseQuery } from '../core/audit-query/parse-query.ts'
import { RemitError } from '../core/errors.ts'
import { newId } from '../core/ids.ts'
import type { Actor } from './administration.ts'
import type { AdministrationDeps } from './administration-deps.ts'
import { adminRecord } from './admin-records.ts'
import { asSeenBy, ofWhom } from './read-records.ts'

export interface AuditQuestion {
  /** In the language of docs/audit.md. */
  readonly query: string
  /** `next` of the page before. */
  readonly past?: number
  /** Only records with a larger index. */
  readonly after?: number
  /** Used where the query names no limit. */
  readonly limit: number
}

/**
 * What a query finds within the actor's reach; that they looked is on record.
 * @throws RemitError `input_invalid` that names the column; `role_missing` where it asks about what records carry, and the
 *   actor sees of other people's records only that they are.
 */
export async function queryAudit(
  deps: AdministrationDeps,
  actor: Actor,
  asked: AuditQuestion,
): Promise<FoundPage> {
  const { query, where } = await begin(deps, actor, asked)
  const found = await deps.search.find({
    tenant: deps.settings.tenant,
    where,
    order: query.order,
    limit: query.limit ?? asked.limit,
    ...(asked.past === undefined ? {} : { past: asked.past }),
  })
  return { ...found, records: found.records.map((record) => asSeenBy(actor, record)) }
}

/** How many records a query finds; its limit is not looked at. @throws RemitError as `queryAudit`. */
export async function countAudit(
  deps: AdministrationDeps,
  actor: Actor,
  asked: Omit<AuditQuestion, 'limit'>,
): Promise<CountedPage> {
  const { query, where } = await begin(deps, actor, asked)
  return deps.search.count({
    tenant: deps.settings.tenant,
    where,
    order: query.order,
    ...(asked.past === undefined ? {} : { past: asked.past }),
  })
}

async function begin(
  deps: AdministrationDeps,
  actor: Actor,
  { query: text, past, after }: Omit<AuditQuestion, 'limit'>,
): Promise<{ readonly query: AuditQuery; readonly where: Condition }> {
  const query = parseQuery(text, deps.clock.now())
  refuseCarried(actor, query.where)
  await recordQuery(deps, actor, text, { past: past ?? null, after: after ?? null })
  const newer: readonly Condition[] =
    after === undefined ? [] : [{ kind: 'place', from: after + 1, until: Infinity }]
  return { query, where: allOf([query.where, ...withinReach(actor), ...newer]) }
}

/** What the actor’s reach adds to a condition. */
export function withinReach(actor: Actor): readonly Condition[] {
  const { human } = ofWhom(actor)
  return human === undefined ? [] : [is('human', human)]
}

/** A question about what records carry would tell it to somebody who may not read it. */
function refuseCarried(actor: Actor, where: Condition): void {
  const [field] = actor.reach === 'bare' ? erasableFields(where) : []
  if (field === undefined) return
  throw new RemitError(
    'role_missing',
    `\`${field}\` asks about what records carry, which is for the role \`auditor\`; ask by server, tool, action or label`,
  )
}

/** The words of the query may name a person or a path: they stand where they can be erased. */
async function recordQuery(
  { settings, entropy, clock, journal }: AdministrationDeps,
  actor: Actor,
  query: string,
  place: { readonly past: number | null; readonly after: number | null },
): Promise<void> {
  const record = adminRecord(settings, {
    kind: 'audit.read',
    id: newId('aud', entropy.bytes(16)),
    at: clock.now(),
    actor: actor.human.id,
    data: { kind: null, task: null, ...place },
    detail: { data: { query } },
  })
  await journal.commit({ records: [record], changes: [] })
}

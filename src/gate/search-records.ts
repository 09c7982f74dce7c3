import type { RecordQuery, StoredRecord } from '../audit/record-reader.ts'
import { allOf, type Condition, is } from '../core/audit-query/condition.ts'
import type { Effect } from '../core/decision.ts'
import type { Actor } from './administration.ts'
import type { AdministrationDeps } from './administration-deps.ts'
import { withinReach } from './query-audit.ts'
import { asSeenBy, recordRead } from './read-records.ts'

/** What records are looked for by, field by field. */
export interface RecordSearch extends Pick<RecordQuery, 'task' | 'kind' | 'id' | 'before'> {
  /** Whose task it was, or who did it. */
  readonly who?: string
  /** Of a call: server, or tool as `server__tool`. */
  readonly tool?: string
  readonly effect?: Effect
  /** A policy that had a say in it. */
  readonly policy?: string
  /** Milliseconds since the epoch: from then until before `until`. */
  readonly from?: number
  readonly until?: number
  readonly limit: number
}

/** `next`: where to go on with `before`, where there is more. */
export interface FoundRecords {
  readonly records: readonly StoredRecord[]
  readonly next?: number
}

/** Newest first. */
export async function searchRecords(
  deps: AdministrationDeps,
  actor: Actor,
  search: RecordSearch,
): Promise<FoundRecords> {
  const { task, kind, id, before, limit } = search
  await recordRead(deps, actor, {
    ...(task === undefined ? {} : { task }),
    ...(kind === undefined ? {} : { kind }),
    ...(id === undefined ? {} : { id }),
  })
  const found = await deps.search.find({
    tenant: deps.settings.tenant,
    where: allOf([...conditionsOf(search), ...withinReach(actor)]),
    order: 'newest',
    ...(before === undefined ? {} : { past: before }),
    limit,
  })
  return { ...found, records: found.records.map((record) => asSeenBy(actor, record)) }
}

function conditionsOf(search: RecordSearch): readonly Condition[] {
  const { task, kind, id, who, tool, effect, policy, from, until } = search
  const conditions: readonly (Condition | undefined)[] = [
    task === undefined ? undefined : is('task', task),
    kind === undefined ? undefined : is('kind', kind),
    id === undefined ? undefined : is('id', id),
    who === undefined ? undefined : { kind: 'any', of: [is('human', who), is('actor', who)] },
    effect === undefined ? undefined : is('decision', effect),
    policy === undefined ? undefined : is('rule', policy),
    tool === undefined ? undefined : ofTool(tool),
    from === undefined && until === undefined
      ? undefined
      : { kind: 'time', from: from ?? 0, until: until ?? Infinity },
  ]
  return conditions.filter((condition) => condition !== undefined)
}

function ofTool(tool: string): Condition {
  const [server = '', ...rest] = tool.split('__')
  const qualified = rest.length === 0 ? [] : [is('tool', `${server}/${rest.join('__')}`)]
  return { kind: 'any', of: [is('server', tool), is('tool', tool), ...qualified] }
}

import type { RecordQuery, StoredRecord } from '../audit/record-reader.ts'
import type { Effect } from '../core/decision.ts'
import type { RecordEnvelope } from '../core/record.ts'
import type { Actor } from './administration.ts'
import type { AdministrationDeps } from './administration-deps.ts'
import { asSeenBy, ofWhom, recordRead } from './read-records.ts'

/** What records are looked for by, beside what the ledger has an index for. */
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

/** `next`: where to go on with `before`, where more was there to be looked at. */
export interface FoundRecords {
  readonly records: readonly StoredRecord[]
  readonly next?: number
}

const PAGE = 250
/** Records looked at for one answer. */
const MOST_LOOKED = 5_000
/** Records stand in the order in which they became durable, which is nearly that of their times. */
const SLACK = 60_000

/** Newest first, by looking at one record after the other: whoever searches far is told where to go on. */
export async function searchRecords(
  deps: AdministrationDeps,
  actor: Actor,
  search: RecordSearch,
): Promise<FoundRecords> {
  const { task, kind, id, from = 0, until, limit } = search
  const indexed = {
    ...(task === undefined ? {} : { task }),
    ...(kind === undefined ? {} : { kind }),
    ...(id === undefined ? {} : { id }),
  }
  await recordRead(deps, actor, indexed)
  const start = until === undefined ? undefined : await firstAfter(deps, until + SLACK)
  let before = least(search.before, start)
  const records: StoredRecord[] = []
  for (let looked = 0; looked < MOST_LOOKED; looked += PAGE) {
    const page = await deps.records.query({
      tenant: deps.settings.tenant,
      ...indexed,
      ...ofWhom(actor),
      ...(before === undefined ? {} : { before }),
      limit: PAGE,
    })
    for (const record of page) {
      before = record.index
      if (timeOf(record) < from - SLACK) return { records }
      if (!fits(record, search)) continue
      records.push(asSeenBy(actor, record))
      if (records.length === limit) return { records, next: before }
    }
    if (page.length < PAGE) return { records }
    await new Promise((resolve) => {
      setImmediate(resolve)
    })
  }
  return { records, ...(before === undefined ? {} : { next: before }) }
}

function fits(record: StoredRecord, search: RecordSearch): boolean {
  const { envelope } = record
  const { who, effect, policy, tool, from = 0, until = Infinity } = search
  const at = timeOf(record)
  if (at < from || at >= until) return false
  if (who !== undefined && envelope.identity?.human !== who && envelope.actor !== who) return false
  if (effect !== undefined && envelope.decision?.effect !== effect) return false
  if (policy !== undefined && envelope.decision?.policies.includes(policy) !== true) return false
  return tool === undefined || isOfTool(envelope, tool)
}

function isOfTool({ call }: RecordEnvelope, tool: string): boolean {
  if (call === undefined) return false
  return tool === call.server || tool === call.tool || tool === `${call.server}__${call.tool}`
}

function timeOf({ envelope }: StoredRecord): number {
  return Date.parse(envelope.at)
}

function least(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b)
}

/** Index of the first record from this time on, found by halving. */
async function firstAfter({ records, settings }: AdministrationDeps, time: number): Promise<number> {
  const { tenant } = settings
  let [low, high] = [0, (await records.head(tenant)).size]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const [record] = await records.query({ tenant, before: middle + 1, limit: 1 })
    if (record !== undefined && timeOf(record) < time) low = middle + 1
    else high = middle
  }
  return low
}

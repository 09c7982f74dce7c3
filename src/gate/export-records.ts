import type { ExportFormat } from '../core/export-formats.ts'
import { encodeRecords, type EncodedBatch, headOf } from '../audit/export/record-encoder.ts'
import { passes, type RecordFilter } from '../audit/export/record-filter.ts'
import { RemitError } from '../core/errors.ts'
import { newId } from '../core/ids.ts'
import type { Actor } from './administration.ts'
import type { AdministrationDeps } from './administration-deps.ts'
import { adminRecord } from './admin-records.ts'
import { asSeenBy, ofWhom } from './read-records.ts'

/** One page of an export: records from `after` on, and none from `before` on, which is where it ends. */
export interface ExportPage {
  readonly format: ExportFormat
  readonly content: boolean
  readonly filter: RecordFilter
  readonly after: number
  readonly before: number
  readonly version: string
}

/** An export that is read from the files, of which the gateway is only told. */
export interface ToldExport {
  readonly format: ExportFormat | 'ledger'
  readonly content: boolean
  readonly filter: RecordFilter
}

export interface ExportedPage {
  readonly batches: readonly EncodedBatch[]
  /** What stands at the head of the whole; empty = nothing. */
  readonly head: string
  readonly records: number
  /** `after` of the next page; absent = this was the last. */
  readonly next?: number
}

/** Records looked at for one page. */
const PAGE = 1_000

/**
 * What is in their reach, oldest first. Each page is on record before it leaves, as whoever pages by hand is heard too.
 * @throws RemitError `role_missing` when content is asked for by whoever sees of others only that something was done.
 */
export async function exportRecords(
  deps: AdministrationDeps,
  actor: Actor,
  page: ExportPage,
): Promise<ExportedPage> {
  const { records, settings } = deps
  const { tenant } = settings
  const { format, content, after, filter } = page
  if (content && actor.reach === 'bare') {
    throw new RemitError(
      'role_missing',
      'what records carry is exported by auditors, and by everybody of their own tasks; leave `--content` out',
    )
  }
  const before = Math.min(page.before, after + 1 + PAGE, (await records.head(tenant)).size)
  await putOnRecord(deps, actor, { format, content, filter }, { first: after + 1, before })
  const find = async (id: string) => {
    const found = await records.query({ tenant, id, ...ofWhom(actor) })
    return found.map((each) => asSeenBy(actor, each)).toReversed()
  }
  const found = await records.query({ tenant, ...ofWhom(actor), after, before, limit: PAGE })
  const chosen = found
    .filter(({ envelope }) => passes(envelope, filter))
    .map((each) => asSeenBy(actor, each))
    .toReversed()
  const options = { format, content, version: page.version, tenant, find }
  return {
    batches: await encodeRecords(chosen, options),
    head: headOf(format, options),
    records: chosen.length,
    ...(before < page.before && before > after + 1 ? { next: before - 1 } : {}),
  }
}

/** What whoever reads the files takes is on record too, as far as they say it. Nothing is answered. */
export async function recordExport(deps: AdministrationDeps, actor: Actor, told: ToldExport): Promise<void> {
  const { size } = await deps.records.head(deps.settings.tenant)
  await putOnRecord(deps, actor, told, { first: 0, before: size, offline: true })
}

async function putOnRecord(
  { settings, journal, entropy, clock }: AdministrationDeps,
  actor: Actor,
  { format, content, filter }: ToldExport,
  range: { readonly first: number; readonly before: number; readonly offline?: true },
): Promise<void> {
  const kinds = filter.kinds === undefined ? null : [...filter.kinds]
  const { from = null, until = null } = filter
  const record = adminRecord(settings, {
    kind: 'audit.exported',
    id: newId('exp', entropy.bytes(16)),
    at: clock.now(),
    actor: actor.human.id,
    data: { format, content, ...range, kinds, from, until },
  })
  await journal.commit({ records: [record], changes: [] })
}

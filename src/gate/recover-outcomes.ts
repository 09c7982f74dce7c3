import type { Journal } from '../audit/journal.ts'
import type { RecordReader, StoredRecord } from '../audit/record-reader.ts'
import type { Clock } from '../core/clock.ts'
import type { TenantId } from '../core/ids.ts'
import type { NewRecord, RecordKind } from '../core/record.ts'

const PAGE = 5_000

/**
 * Allowed calls whose outcome a crash swallowed get one now: *unknown*, since they may have been sent. Looks back
 * to the last start, before which an earlier recovery has looked. Answers with how many there were.
 */
export async function recoverOutcomes(
  deps: {
    readonly records: RecordReader
    readonly journal: Journal
    readonly clock: Clock
    /** Whose records are looked at: calls of other replicas may be under way. Absent = nobody else writes. */
    readonly writer?: string
  },
  tenant: TenantId,
): Promise<number> {
  const isOwn = ({ body }: StoredRecord): boolean =>
    deps.writer === undefined || writerOf(body) === deps.writer
  const after = await lastStart(deps.records, tenant, isOwn)
  const settled = new Set<string>()
  for await (const record of backwards(deps.records, { tenant, kind: 'outcome', after })) {
    settled.add(record.envelope.id)
  }
  const lost: NewRecord[] = []
  for await (const record of backwards(deps.records, { tenant, kind: 'decision', after })) {
    const { envelope } = record
    if (envelope.decision?.effect !== 'allow' || settled.has(envelope.id) || !isOwn(record)) continue
    const { operations: _operations, decision: _decision, approval: _approval, ...common } = envelope
    lost.push({
      envelope: {
        ...common,
        kind: 'outcome',
        at: new Date(deps.clock.now()).toISOString(),
        outcome: { status: 'unknown', micros: 0, bytes: 0 },
      },
      detail: { comment: 'the gateway stopped before an answer was recorded' },
    })
  }
  if (lost.length > 0) await deps.journal.commit({ records: lost.toReversed(), changes: [] })
  return lost.length
}

async function lastStart(
  records: RecordReader,
  tenant: TenantId,
  isOwn: (record: StoredRecord) => boolean,
): Promise<number> {
  for await (const start of backwards(records, { tenant, kind: 'gateway.started', after: -1 })) {
    if (isOwn(start)) return start.index
  }
  return -1
}

function writerOf(body: string): string {
  return (JSON.parse(body) as { readonly writer: { readonly id: string } }).writer.id
}

async function* backwards(
  records: RecordReader,
  query: { readonly tenant: TenantId; readonly kind: RecordKind; readonly after: number },
): AsyncGenerator<StoredRecord> {
  let before: number | undefined
  for (;;) {
    const page = await records.query({ ...query, limit: PAGE, ...(before === undefined ? {} : { before }) })
    yield* page
    const last = page.at(-1)
    if (last === undefined || page.length < PAGE) return
    before = last.index
  }
}

import type { RecordReader, StoredRecord } from '../../audit/record-reader.ts'
import type { TenantId } from '../../core/ids.ts'
import { type ItemMark, type Mark, MARKS } from './review-item.ts'
import type { MarksByItem, ReviewSettings, ReviewState, SignOff } from './review-report.ts'

/** The state of reviews is what is on record of them: nothing else is kept. */

type Records = Pick<RecordReader, 'query'>
const MOST_MARKS = 5_000

export async function lastSignOff(
  records: Records,
  tenant: TenantId,
): Promise<{ readonly record: StoredRecord; readonly signed: SignOff } | undefined> {
  const [record] = await records.query({ tenant, kind: 'review.signed', limit: 1 })
  if (record === undefined) return undefined
  const { envelope, detail } = record
  const data = envelope.data ?? {}
  const signed: SignOff = {
    id: envelope.id,
    by: envelope.actor ?? '',
    at: Date.parse(envelope.at),
    digest: typeof data['digest'] === 'string' ? data['digest'] : '',
    items: Number(data['items']),
    open: Number(data['open']),
    ...(detail?.comment === undefined ? {} : { comment: detail.comment }),
  }
  return { record, signed }
}

export async function readMarks(records: Records, tenant: TenantId): Promise<MarksByItem> {
  const marks = new Map<string, ItemMark>()
  for (const { envelope, detail } of await records.query({
    tenant,
    kind: 'review.marked',
    limit: MOST_MARKS,
  })) {
    const { item, mark, until } = envelope.data ?? {}
    if (typeof item !== 'string' || marks.has(item) || !isMark(mark)) continue
    marks.set(item, {
      mark,
      by: envelope.actor ?? '',
      at: Date.parse(envelope.at),
      ...(typeof until === 'number' ? { until } : {}),
      ...(detail?.comment === undefined ? {} : { comment: detail.comment }),
    })
  }
  return marks
}

/** The first is due so long after the first record: until then nobody is overdue. */
export async function reviewState(
  records: Records,
  tenant: TenantId,
  { settings, now }: { readonly settings: ReviewSettings; readonly now: number },
): Promise<ReviewState> {
  const last = (await lastSignOff(records, tenant))?.signed
  const since = last?.at ?? (await firstRecord(records, tenant)) ?? now
  const due = since + settings.every
  return { ...settings, due, overdue: now >= due, ...(last === undefined ? {} : { last }) }
}

export async function firstRecord(records: Records, tenant: TenantId): Promise<number | undefined> {
  const [first] = await records.query({ tenant, before: 1, limit: 1 })
  return first === undefined ? undefined : Date.parse(first.envelope.at)
}

function isMark(value: unknown): value is Mark {
  return (MARKS as readonly unknown[]).includes(value)
}

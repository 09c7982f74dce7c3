import type { StoredRecord } from '../../record-reader.ts'

/** What the ledger tells of one call that is over. */
export interface CallStory {
  readonly decision: StoredRecord
  /** Absent = it did not run. */
  readonly outcome?: StoredRecord
  /** How it was asked about, where it was. */
  readonly asked?: { readonly from: StoredRecord; readonly until: StoredRecord }
}

/** Records of one thing, in the order of the ledger. */
export type FindRecords = (id: string) => Promise<readonly StoredRecord[]>

const ENDED_UNUSED: ReadonlySet<string> = new Set([
  'approval.refused',
  'approval.expired',
  'approval.cancelled',
])

/**
 * The call that this record ends: an outcome, a denial, or a request for consent that ended without a call. Undefined =
 * it ends none. A call whose consent was given is told of when it ran, with the time that it waited.
 */
export async function storyEndedBy(record: StoredRecord, find: FindRecords): Promise<CallStory | undefined> {
  const { envelope } = record
  if (envelope.kind === 'decision') {
    return envelope.decision?.effect === 'deny' ? { decision: record } : undefined
  }
  if (envelope.kind === 'outcome') {
    const decision = await decisionOf(envelope.id, find)
    if (decision === undefined) return undefined
    const asked = await askedFor(decision.envelope.approval?.id, find)
    return { decision, outcome: record, ...(asked === undefined ? {} : { asked }) }
  }
  if (!ENDED_UNUSED.has(envelope.kind)) return undefined
  const asker = envelope.data?.['decision']
  const decision = typeof asker === 'string' ? await decisionOf(asker, find) : undefined
  const asked = await askedFor(envelope.id, find, record)
  return decision === undefined || asked === undefined ? undefined : { decision, asked }
}

async function decisionOf(id: string, find: FindRecords): Promise<StoredRecord | undefined> {
  return (await find(id)).find(({ envelope }) => envelope.kind === 'decision')
}

async function askedFor(
  approval: string | undefined,
  find: FindRecords,
  end?: StoredRecord,
): Promise<CallStory['asked']> {
  if (approval === undefined) return undefined
  const steps = await find(approval)
  const from = steps.find(({ envelope }) => envelope.kind === 'approval.requested')
  const until = end ?? steps.find(({ envelope }) => envelope.kind === 'approval.granted')
  return from === undefined || until === undefined ? undefined : { from, until }
}

import { openExport } from '../audit/open-export.ts'
import type { LedgerRow } from '../audit/ledger-source.ts'
import type { StoredRecord } from '../audit/record-reader.ts'
import type { FoundPage, RecordSearch } from '../audit/record-search.ts'
import { matchesRecord } from '../core/audit-query/matches-record.ts'
import type { RecordDetail, RecordEnvelope, RecordPayload } from '../core/record.ts'

/**
 * Records of an export file that fit, by looking at each: it has no index.
 * @returns the page, and how many fit after `past` altogether.
 * @throws RemitError `state_unreadable`.
 */
export async function searchExport(
  file: string,
  { where, order, past, limit }: Omit<RecordSearch, 'tenant'>,
): Promise<{ readonly page: FoundPage; readonly count: number }> {
  const newest = order === 'newest'
  const kept: StoredRecord[] = []
  let count = 0
  const source = openExport(file)
  try {
    for await (const row of source.records('')) {
      const record = storedRecord(row)
      if (record === undefined || !matchesRecord(where, record)) continue
      if (past !== undefined && (newest ? record.index >= past : record.index <= past)) continue
      count += 1
      if (newest || kept.length < limit) kept.push(record)
      if (kept.length > limit) kept.shift()
    }
  } finally {
    source.close()
  }
  const records = newest ? kept.toReversed() : kept
  const last = records.at(-1)?.index
  return { page: { records, ...(count > limit && last !== undefined ? { next: last } : {}) }, count }
}

/** Undefined for what is damaged; `remit audit verify` says where. */
function storedRecord({ index, body, detail, payload }: LedgerRow): StoredRecord | undefined {
  const text = body === undefined ? '' : Buffer.from(body).toString('utf8')
  const envelope = parsed(text) as RecordEnvelope | undefined
  if (envelope === undefined) return undefined
  const beside = (bytes: Uint8Array | undefined): unknown =>
    bytes === undefined ? undefined : parsed(Buffer.from(bytes).toString('utf8'))
  const [own, carried] = [beside(detail?.text), beside(payload?.text)]
  return {
    index,
    body: text,
    envelope,
    ...(own === undefined ? {} : { detail: own as RecordDetail }),
    ...(carried === undefined ? {} : { payload: carried as RecordPayload }),
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

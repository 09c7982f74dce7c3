import type { RecordDetail, RecordEnvelope, RecordPayload } from '../../core/record.ts'
import type { LedgerRow, LedgerSource } from '../ledger-source.ts'
import type { StoredRecord } from '../record-reader.ts'
import { encodeRecords, type EncoderOptions, headOf } from './record-encoder.ts'
import { passes, type RecordFilter } from './record-filter.ts'

const BATCH = 500
/** Decisions and requests that are remembered for the spans of calls that end later. */
const REMEMBERED = 50_000

export type RowOptions = Omit<EncoderOptions, 'find' | 'tenant'> & { readonly filter: RecordFilter }

/** One tenant's records in a format for others, read from a ledger at rest. It proves nothing: `exportLedger` does. */
export async function* exportRows(
  source: LedgerSource,
  tenant: string,
  { filter, ...options }: RowOptions,
): AsyncGenerator<string> {
  const seen = new Recollection()
  const encoder = { ...options, tenant, find: async (id: string) => seen.of(id) }
  const head = headOf(options.format, options)
  if (head !== '') yield head
  let batch: StoredRecord[] = []
  for await (const row of source.records(tenant)) {
    const record = storedOf(row)
    if (record === undefined) continue
    seen.add(record)
    if (passes(record.envelope, filter)) batch.push(record)
    if (batch.length < BATCH) continue
    for (const { text } of await encodeRecords(batch, encoder)) yield text
    batch = []
  }
  for (const { text } of await encodeRecords(batch, encoder)) yield text
}

/** What spans are told from, newest last. */
class Recollection {
  readonly #records = new Map<string, StoredRecord[]>()

  add(record: StoredRecord): void {
    const { kind, id } = record.envelope
    if (kind !== 'decision' && !kind.startsWith('approval.')) return
    const known = this.#records.get(id)
    if (known === undefined) this.#records.set(id, [record])
    else known.push(record)
    if (this.#records.size <= REMEMBERED) return
    const [oldest] = this.#records.keys()
    if (oldest !== undefined) this.#records.delete(oldest)
  }

  of(id: string): readonly StoredRecord[] {
    return this.#records.get(id) ?? []
  }
}

/** Undefined = nothing but content is left of it. */
function storedOf({ index, body, detail, payload }: LedgerRow): StoredRecord | undefined {
  if (body === undefined) return undefined
  const text = utf8(body)
  return {
    index,
    body: text,
    envelope: JSON.parse(text) as RecordEnvelope,
    ...(detail?.text === undefined ? {} : { detail: JSON.parse(utf8(detail.text)) as RecordDetail }),
    ...(payload?.text === undefined ? {} : { payload: JSON.parse(utf8(payload.text)) as RecordPayload }),
  }
}

function utf8(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
}

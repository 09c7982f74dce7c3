import type { StoredRecord } from '../record-reader.ts'
import { cefLine } from './cef.ts'
import { csvHeader, csvLine } from './csv.ts'
import type { ExportFormat } from '../../core/export-formats.ts'
import type { ExportContext, RecordMapper } from './export-format.ts'
import { jsonlLine } from './jsonl.ts'
import { ocsfLine } from './ocsf/ocsf-record.ts'
import { type CallStory, type FindRecords, storyEndedBy } from './otlp/call-story.ts'
import { otlpLogs } from './otlp/otlp-logs.ts'
import { otlpSpans } from './otlp/otlp-spans.ts'

export type OtlpSignal = 'logs' | 'traces'

/** Text that goes to one place: of OTLP to `/v1/logs` or `/v1/traces`. */
export interface EncodedBatch {
  readonly signal?: OtlpSignal
  /** Whole lines, each with its line feed. */
  readonly text: string
}

export interface EncoderOptions extends ExportContext {
  readonly tenant: string
  readonly format: ExportFormat
  /** Of OTLP; default both. */
  readonly signals?: readonly OtlpSignal[]
  /** What the ledger has about a thing, for spans. */
  readonly find: FindRecords
}

const LINES: Readonly<Record<Exclude<ExportFormat, 'otlp'>, RecordMapper>> = {
  jsonl: jsonlLine,
  csv: csvLine,
  ocsf: ocsfLine,
  cef: cefLine,
}

/** What stands at the head of a file or body; empty = nothing. */
export function headOf(format: ExportFormat, context: ExportContext): string {
  return format === 'csv' ? `${csvHeader(context)}\n` : ''
}

/** Records, in order, in their format. Of OTLP one line a signal; no records make no text. */
export async function encodeRecords(
  records: readonly StoredRecord[],
  options: EncoderOptions,
): Promise<readonly EncodedBatch[]> {
  const { format, find, signals = ['logs', 'traces'] } = options
  if (records.length === 0) return []
  if (format !== 'otlp') {
    const line = LINES[format]
    return [{ text: records.map((record) => `${line(record, options)}\n`).join('') }]
  }
  const batches: EncodedBatch[] = []
  if (signals.includes('logs')) {
    batches.push({ signal: 'logs', text: `${JSON.stringify(otlpLogs(records, options))}\n` })
  }
  if (!signals.includes('traces')) return batches
  const stories: CallStory[] = []
  for (const record of records) {
    const story = await storyEndedBy(record, find)
    if (story !== undefined) stories.push(story)
  }
  const spans = otlpSpans(stories, options)
  return spans === undefined
    ? batches
    : [...batches, { signal: 'traces', text: `${JSON.stringify(spans)}\n` }]
}

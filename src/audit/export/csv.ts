import type { ExportContext, RecordMapper } from './export-format.ts'
import { type FieldValue, RECORD_FIELDS, type RecordField } from './record-fields.ts'

/** RFC 4180 with a header line. */
export function csvHeader({ content }: ExportContext): string {
  return columns(content)
    .map(({ name }) => name)
    .join(',')
}

export const csvLine: RecordMapper = (record, { content }) =>
  columns(content)
    .map((field) => cell(field.of(record)))
    .join(',')

function columns(content: boolean): readonly RecordField[] {
  return content ? RECORD_FIELDS : RECORD_FIELDS.filter((field) => field.content !== true)
}

function cell(value: FieldValue | undefined): string {
  if (value === undefined) return ''
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return quoted(defused(typeof value === 'string' ? value : value.join(' ')))
}

/** Spreadsheets run a cell that starts so; what clients and servers choose must not (CWE-1236). */
function defused(text: string): string {
  return /^[=+\-@\t\r\n＝＋－＠]/.test(text) ? `'${text}` : text
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

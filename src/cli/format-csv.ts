import type { StoredRecord } from '../audit/record-reader.ts'

const COLUMNS: readonly (readonly [
  name: string,
  of: (record: StoredRecord) => string | number | undefined,
])[] = [
  ['index', ({ index }) => index],
  ['at', ({ envelope }) => envelope.at],
  ['kind', ({ envelope }) => envelope.kind],
  ['id', ({ envelope }) => envelope.id],
  ['human', ({ envelope }) => envelope.identity?.human],
  ['actor', ({ envelope }) => envelope.actor],
  ['agent', ({ envelope }) => envelope.identity?.agent.id],
  ['task', ({ envelope }) => envelope.identity?.task],
  ['root', ({ envelope }) => envelope.identity?.chain[0]],
  ['workflow', ({ envelope }) => envelope.identity?.workflow],
  ['environment', ({ envelope }) => envelope.identity?.environment.claimed],
  ['server', ({ envelope }) => envelope.call?.server],
  ['tool', ({ envelope }) => envelope.call?.tool],
  ['actions', ({ envelope }) => envelope.operations?.map(({ action }) => action).join(' ')],
  ['labels', ({ envelope }) => [...new Set(envelope.operations?.flatMap(({ labels }) => labels))].join(' ')],
  ['resources', ({ detail }) => detail?.operations?.map(({ resource }) => resource.id).join(' ')],
  ['decision', ({ envelope }) => envelope.decision?.effect],
  ['rules', ({ envelope }) => envelope.decision?.policies.join(' ')],
  [
    'approvers',
    ({ envelope }) => (envelope.approval ?? envelope.grant ?? envelope.glass)?.approvers.join(' '),
  ],
  ['outcome', ({ envelope }) => envelope.outcome?.status],
]

/** RFC 4180, with its line end. */
export const CSV_HEADER = csvLine(COLUMNS.map(([name]) => name))

export function recordCsv(record: StoredRecord): string {
  return csvLine(COLUMNS.map(([, of]) => of(record)))
}

function csvLine(values: readonly (string | number | undefined)[]): string {
  return `${values.map(csvValue).join(',')}\r\n`
}

/** A text that a spreadsheet would take for a formula begins with an apostrophe. */
function csvValue(value: string | number | undefined): string {
  if (value === undefined || typeof value === 'number') return String(value ?? '')
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

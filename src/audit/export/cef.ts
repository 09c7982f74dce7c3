import type { StoredRecord } from '../record-reader.ts'
import type { RecordMapper } from './export-format.ts'
import { meaningOf, type Severity } from './kind-meanings.ts'

/** CEF counts 0–3 low, 4–6 medium, 7–8 high, 9–10 very high. */
const SEVERITIES: Readonly<Record<Severity, number>> = { 1: 2, 2: 3, 3: 6, 4: 8 }

type Pick = (record: StoredRecord) => string | number | undefined

/** Keys of the CEF dictionary; custom ones come with the label that says what they hold. */
export const CEF_KEYS: readonly (readonly [key: string, what: string, of: Pick])[] = [
  ['rt', 'when, milliseconds since the epoch', ({ envelope }) => Date.parse(envelope.at)],
  ['externalId', '`tenant/index`', ({ envelope, index }) => `${envelope.tenant}/${index}`],
  ['deviceExternalId', 'tenant', ({ envelope }) => envelope.tenant],
  ['cat', 'kind', ({ envelope }) => envelope.kind],
  ['suser', 'human, or who did it', ({ envelope }) => envelope.identity?.human ?? envelope.actor],
  ['sproc', 'agent', ({ envelope }) => envelope.identity?.agent.id],
  ['requestMethod', 'what was asked for', ({ envelope }) => envelope.call?.kind],
  ['requestClientApplication', 'client', ({ envelope }) => envelope.correlation?.client],
  ['destinationServiceName', 'server', ({ envelope }) => envelope.call?.server],
  [
    'act',
    'effect of a decision, state of an approval',
    ({ envelope }) => envelope.decision?.effect ?? envelope.approval?.state,
  ],
  [
    'outcome',
    '`success` or `failure`',
    (record) => (meaningOf(record).failed === true ? 'failure' : 'success'),
  ],
  ['reason', 'status of an outcome', ({ envelope }) => envelope.outcome?.status],
  ['out', 'size of the answer, bytes', ({ envelope }) => envelope.outcome?.bytes],
]

export const CEF_CUSTOM: readonly (readonly [key: string, label: string, of: Pick])[] = [
  ['cs1', 'tool', ({ envelope }) => envelope.call?.tool],
  ['cs2', 'task', ({ envelope }) => envelope.identity?.task],
  ['cs3', 'policies', ({ envelope }) => envelope.decision?.policies.join(' ')],
  ['cs4', 'actions', ({ envelope }) => envelope.operations?.map(({ action }) => action).join(' ')],
  ['cs5', 'id', ({ envelope }) => envelope.id],
  ['cs6', 'workflow', ({ envelope }) => envelope.identity?.workflow],
  ['cn1', 'micros', ({ envelope }) => envelope.outcome?.micros ?? envelope.decision?.micros],
]

/** ArcSight CEF version 0, one line. Content never goes along: a line is no place for it. */
export const cefLine: RecordMapper = (record, { version }) => {
  const { title, severity } = meaningOf(record)
  const header = ['CEF:0', 'Remit', 'Remit', version, record.envelope.kind, title].map(headerText)
  const extension = [
    ...CEF_KEYS.flatMap(([key, , of]) => pair(key, of(record))),
    ...CEF_CUSTOM.flatMap(([key, label, of]) => {
      const pairs = pair(key, of(record))
      return pairs.length === 0 ? [] : [...pairs, ...pair(`${key}Label`, label)]
    }),
  ]
  return `${header.join('|')}|${SEVERITIES[severity]}|${extension.join(' ')}`
}

function pair(key: string, value: string | number | undefined): readonly string[] {
  return value === undefined || value === '' ? [] : [`${key}=${extensionText(String(value))}`]
}

/** A header escapes pipes, and has one line (CEF revision 26, "Character encoding"). */
function headerText(text: string): string {
  return text
    .replaceAll('\\', String.raw`\\`)
    .replaceAll('|', String.raw`\|`)
    .replaceAll(/[\r\n]+/g, ' ')
}

/** An extension escapes equal signs, and line feeds as words. */
function extensionText(text: string): string {
  return text
    .replaceAll('\\', String.raw`\\`)
    .replaceAll('=', String.raw`\=`)
    .replaceAll('\r', String.raw`\r`)
    .replaceAll('\n', String.raw`\n`)
}

import type { JsonObject } from '../../../core/json.ts'
import type { StoredRecord } from '../../record-reader.ts'
import type { ExportContext } from '../export-format.ts'
import { meaningOf, type Severity } from '../kind-meanings.ts'
import { fieldsOf } from '../record-fields.ts'
import { parseTraceparent, spanIdFor, traceIdFor } from '../trace-ids.ts'
import { contentAttributes, mcpAttributes } from './mcp-attributes.ts'
import { type Attributes, keyValues, nanos, resourceOf } from './otlp-attributes.ts'

/** Number and text of the OpenTelemetry log data model. */
const SEVERITIES: Readonly<Record<Severity, readonly [number, string]>> = {
  1: [9, 'INFO'],
  2: [10, 'INFO2'],
  3: [13, 'WARN'],
  4: [17, 'ERROR'],
}

/** `ExportLogsServiceRequest` in OTLP’s JSON encoding: one log record a record, whether or not its trace is sampled. */
export function otlpLogs(
  records: readonly StoredRecord[],
  { tenant, ...context }: ExportContext & { readonly tenant: string },
): JsonObject {
  const scope = { name: 'remit.ledger', version: context.version }
  const logRecords = records.map((record) => logRecord(record, context))
  return {
    resourceLogs: [{ resource: resourceOf(tenant, context.version), scopeLogs: [{ scope, logRecords }] }],
  }
}

function logRecord(record: StoredRecord, { content }: ExportContext): JsonObject {
  const { envelope, payload } = record
  const { severity, title } = meaningOf(record)
  const [severityNumber, severityText] = SEVERITIES[severity]
  const time = nanos(Date.parse(envelope.at))
  const fields: Attributes = [...fieldsOf(record, content)].map(([name, value]) => [`remit.${name}`, value])
  return {
    timeUnixNano: time,
    observedTimeUnixNano: time,
    severityNumber,
    severityText,
    eventName: `remit.${envelope.kind}`,
    body: { stringValue: title },
    attributes: keyValues([
      ...mcpAttributes(envelope),
      ...fields,
      ...(content ? contentAttributes(payload) : []),
    ]),
    ...spanOf(record),
  }
}

/** A decision and its outcome belong to the span of the call, anything else to that of whoever asked. */
function spanOf({ envelope: { id, kind, correlation } }: StoredRecord): JsonObject {
  const parent = parseTraceparent(correlation?.traceparent)
  const ofCall = kind === 'decision' || kind === 'outcome'
  if (!ofCall && parent === undefined) return {}
  return {
    traceId: parent?.trace ?? traceIdFor(id),
    spanId: ofCall ? spanIdFor(id, 'call') : (parent?.span ?? ''),
    flags: parent?.sampled === false ? 0 : 1,
  }
}

import { createHash } from 'node:crypto'
import type { RecordEnvelope } from '../../../core/record.ts'
import type { JsonObject, Json } from '../../../core/json.ts'
import type { StoredRecord } from '../../record-reader.ts'
import type { ExportContext, RecordMapper } from '../export-format.ts'
import { meaningOf } from '../kind-meanings.ts'
import { placedOf } from './ocsf-activity.ts'
import { specificsOf } from './ocsf-specifics.ts'

/** Of the schema that `test/audit/ocsf-schema.ts` validates against. */
export const OCSF_VERSION = '1.9.0-dev'

/** One event of the Open Cybersecurity Schema Framework. */
export const ocsfLine: RecordMapper = (record, context) => JSON.stringify(ocsfEvent(record, context))

export function ocsfEvent(record: StoredRecord, context: ExportContext): JsonObject {
  const { envelope } = record
  const [placed, activity] = placedOf(envelope)
  const { title, severity } = meaningOf(record)
  const specifics = specificsOf(record, placed)
  const { profiles, ...attributes } = specifics
  return {
    activity_id: activity,
    ...(activity === 99 ? { activity_name: envelope.kind } : {}),
    category_uid: Math.trunc(placed.uid / 1_000),
    class_name: placed.name,
    class_uid: placed.uid,
    message: title,
    metadata: metadataOf(record, context, profiles),
    raw_data_hash: { algorithm_id: 3, encoding_id: 1, serialization_id: 2, value: sha256(record.body) },
    severity_id: severity,
    time: Date.parse(envelope.at),
    type_uid: placed.uid * 100 + activity,
    ...attributes,
    unmapped: unmappedOf(record, context),
  }
}

function metadataOf(
  { envelope, index }: StoredRecord,
  { version }: ExportContext,
  profiles: readonly string[],
): JsonObject {
  return {
    event_code: envelope.kind,
    log_name: 'remit-ledger',
    log_version: String(envelope.v),
    ...(envelope.correlation === undefined ? {} : { correlation_uid: envelope.id }),
    product: { name: 'Remit', vendor_name: 'Remit', version },
    profiles,
    sequence: index,
    tenant_uid: envelope.tenant,
    uid: `${envelope.tenant}/${index}`,
    version: OCSF_VERSION,
  }
}

/** What OCSF has no attribute for. */
function unmappedOf({ envelope, detail, payload }: StoredRecord, { content }: ExportContext): JsonObject {
  const { id, protection, decision, approval, grant, glass, data, operations, identity } = envelope
  const named = { id, protection, decision, approval, grant, glass, data, operations }
  return defined({
    ...named,
    ...(identity === undefined ? {} : { chain: identity.chain, environment: identity.environment }),
    ...(content ? { detail, payload } : {}),
  })
}

function defined(members: Readonly<Record<string, unknown>>): JsonObject {
  return Object.fromEntries(
    Object.entries(members).flatMap(([name, value]) => (value === undefined ? [] : [[name, value as Json]])),
  )
}

function sha256(body: RecordEnvelope['id']): string {
  return createHash('sha256').update(body).digest('hex')
}

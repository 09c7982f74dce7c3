import type { RecordDetail, RecordEnvelope, RecordPayload } from '../../core/record.ts'
import type { StoredRecord } from '../record-reader.ts'

export type FieldValue = string | number | boolean | readonly string[]

/** One thing that a record says, under one name in every flat format. */
export interface RecordField {
  readonly name: string
  readonly what: string
  /** Undefined = the record does not say it. */
  readonly of: (record: StoredRecord) => FieldValue | undefined
  /** Stands beside the record, and goes along only where content is asked for. */
  readonly content?: true
}

type Of<Part> = (part: Part) => FieldValue | undefined

/** Columns of CSV, and `remit.*` attributes of OpenTelemetry, in this order. */
export const RECORD_FIELDS: readonly RecordField[] = [
  { name: 'index', what: 'place in the ledger, from 0', of: ({ index }) => index },
  ofEnvelope('at', 'when, RFC 3339 in UTC', ({ at }) => at),
  ofEnvelope('kind', 'kind of the record', ({ kind }) => kind),
  ofEnvelope('id', 'id of the thing recorded', ({ id }) => id),
  ofEnvelope('tenant', 'tenant', ({ tenant }) => tenant),
  ofEnvelope('actor', 'who caused an administrative record', ({ actor }) => actor),
  ofEnvelope('human', 'who delegated the task', ({ identity }) => identity?.human),
  ofEnvelope('agent', 'agent that acted', ({ identity }) => identity?.agent.id),
  ofEnvelope('agent_kind', 'kind of the agent', ({ identity }) => identity?.agent.kind),
  ofEnvelope('task', 'task', ({ identity }) => identity?.task),
  ofEnvelope('chain', 'task ids from the root to the task', ({ identity }) => identity?.chain),
  ofEnvelope('workflow', 'workflow of the task', ({ identity }) => identity?.workflow),
  ofEnvelope('environment', 'where it says that it runs', ({ identity }) => identity?.environment.claimed),
  ofEnvelope('environment_proved', 'whether that is proved', ({ identity }) => identity?.environment.proved),
  ofEnvelope('protection', 'how the gateway is protected from agents', ({ protection }) => protection),
  ofEnvelope('door', 'door that the call came by', ({ call }) => call?.door),
  ofEnvelope('call_kind', 'what was asked for', ({ call }) => call?.kind),
  ofEnvelope('server', 'server', ({ call }) => call?.server),
  ofEnvelope('tool', 'tool or prompt; of a resource the method', ({ call }) => call?.tool),
  ofEnvelope('definition', 'digest of the tool’s definition', ({ call }) => call?.definition),
  ofEnvelope('actions', 'actions of its operations', ({ operations }) =>
    unique(operations?.map(({ action }) => action)),
  ),
  ofEnvelope('labels', 'labels of its operations', ({ operations }) =>
    unique(operations?.flatMap(({ labels }) => labels)),
  ),
  ofEnvelope('opaque', 'whether part of it was not understood', ({ operations }) =>
    operations?.some(({ opaque }) => opaque),
  ),
  ofEnvelope('effect', '`allow`, `consent` or `deny`', ({ decision }) => decision?.effect),
  ofEnvelope('policies', 'policies behind the decision', ({ decision }) => decision?.policies),
  ofEnvelope('policy_hash', 'hash of the policy set', ({ decision }) => decision?.policyHash),
  ofEnvelope('decision_micros', 'from identified to decided, µs', ({ decision }) => decision?.micros),
  ofEnvelope(
    'observed_effect',
    'what observed rules would have done',
    ({ decision }) => decision?.observed?.effect,
  ),
  ofEnvelope('approval', 'request for consent', ({ approval }) => approval?.id),
  ofEnvelope('approval_state', 'its state', ({ approval }) => approval?.state),
  ofEnvelope('approvers', 'who answered it', ({ approval }) => approval?.approvers),
  ofEnvelope('grant', 'consent that lasts, under which it ran', ({ grant }) => grant?.id),
  ofEnvelope('glass', 'broken glass, under which it ran', ({ glass }) => glass?.id),
  ofEnvelope('status', 'outcome', ({ outcome }) => outcome?.status),
  ofEnvelope('outcome_micros', 'from forwarded to answered, µs', ({ outcome }) => outcome?.micros),
  ofEnvelope('bytes', 'size of the answer', ({ outcome }) => outcome?.bytes),
  ofEnvelope('request', 'JSON-RPC id of the request', ({ correlation }) => correlation?.requestId),
  ofEnvelope('session', 'MCP session', ({ correlation }) => correlation?.session),
  ofEnvelope('traceparent', 'W3C trace context of the caller', ({ correlation }) => correlation?.traceparent),
  ofEnvelope('tool_use', 'the agent’s own id of this use', ({ correlation }) => correlation?.toolUse),
  ofEnvelope('client', 'as the client introduced itself', ({ correlation }) => correlation?.client),
  ofEnvelope('data', 'counts and words of other kinds, as JSON', ({ data }) => json(data)),
  ofContent('detail', 'intent, resources, reasons, facts, comments, as JSON', ({ detail }) => json(detail)),
  ofContent('payload', 'arguments, result, error, as JSON', ({ payload }) => json(payload)),
]

/** Of one record, what it says; in order. */
export function* fieldsOf(
  record: StoredRecord,
  content: boolean,
): Generator<readonly [name: string, value: FieldValue]> {
  for (const field of RECORD_FIELDS) {
    if (field.content === true && !content) continue
    const value = field.of(record)
    if (value !== undefined) yield [field.name, value]
  }
}

function ofEnvelope(name: string, what: string, of: Of<RecordEnvelope>): RecordField {
  return { name, what, of: ({ envelope }) => of(envelope) }
}

function ofContent(name: string, what: string, of: Of<StoredRecord>): RecordField {
  return { name, what, of, content: true }
}

function json(value: RecordEnvelope['data'] | RecordDetail | RecordPayload): string | undefined {
  return value === undefined ? undefined : JSON.stringify(value)
}

function unique(words: readonly string[] | undefined): readonly string[] | undefined {
  return words === undefined || words.length === 0 ? undefined : [...new Set(words)]
}

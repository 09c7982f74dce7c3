import type { JsonObject } from '../../../core/json.ts'
import type { StoredRecord } from '../../record-reader.ts'
import type { ExportContext } from '../export-format.ts'
import { parseTraceparent, type SpanPart, spanIdFor, traceIdFor } from '../trace-ids.ts'
import type { CallStory } from './call-story.ts'
import { contentAttributes, mcpAttributes, spanName } from './mcp-attributes.ts'
import { type Attributes, keyValues, nanos, resourceOf } from './otlp-attributes.ts'

/** `SpanKind` and `StatusCode` of OTLP. */
const INTERNAL = 1
const SERVER = 2
const CLIENT = 3
const FAILED = 2

/** `ExportTraceServiceRequest` in OTLP’s JSON encoding. Stories of traces that their caller does not sample are left out. */
export function otlpSpans(
  stories: readonly CallStory[],
  { tenant, ...context }: ExportContext & { readonly tenant: string },
): JsonObject | undefined {
  const spans = stories.filter(isSampled).flatMap((story) => spansOf(story, context))
  if (spans.length === 0) return undefined
  const scope = { name: 'remit.gate', version: context.version }
  return {
    resourceSpans: [{ resource: resourceOf(tenant, context.version), scopeSpans: [{ scope, spans }] }],
  }
}

/** A call with the time that it took to decide, to agree and to run. */
function spansOf(story: CallStory, { content }: ExportContext): readonly JsonObject[] {
  const { decision, outcome, asked } = story
  const { envelope } = decision
  const decided = timeOf(decision)
  const micros = envelope.decision?.micros ?? 0
  const from = Math.min(decided, asked === undefined ? decided : timeOf(asked.from))
  const until = Math.max(timeOf(outcome ?? asked?.until ?? decision), decided + micros / 1_000)
  const ran = outcome?.envelope.outcome
  const refused = ran === undefined
  const error = refused ? (asked === undefined ? 'denied' : asked.until.envelope.kind) : failureOf(outcome)
  const kinds = mcpAttributes(envelope)
  const ended = ran === undefined ? until : timeOf(outcome ?? decision)
  return [
    span(story, 'call', {
      name: spanName(envelope),
      kind: SERVER,
      from,
      until,
      error,
      attributes: [
        ...kinds,
        ...decisionAttributes(envelope),
        ...(content ? contentAttributes({ ...decision.payload, ...outcome?.payload }) : []),
      ],
    }),
    span(story, 'decide', {
      name: 'decide',
      kind: INTERNAL,
      from: decided,
      until: decided + micros / 1_000,
      attributes: [['remit.effect', envelope.decision?.effect]],
    }),
    ...(asked === undefined
      ? []
      : [
          span(story, 'consent', {
            name: 'consent wait',
            kind: INTERNAL,
            from: timeOf(asked.from),
            until: timeOf(asked.until),
            attributes: [
              ['remit.approval', asked.from.envelope.id],
              ['remit.approval_state', asked.until.envelope.approval?.state],
            ],
          }),
        ]),
    ...(ran === undefined
      ? []
      : [
          span(story, 'upstream', {
            name: spanName(envelope),
            kind: CLIENT,
            from: ended - ran.micros / 1_000,
            until: ended,
            error,
            attributes: [...kinds, ['remit.server', envelope.call?.server], ['remit.bytes', ran.bytes]],
          }),
        ]),
  ]
}

interface Part {
  readonly name: string
  readonly kind: number
  /** Milliseconds since the epoch, with fractions. */
  readonly from: number
  readonly until: number
  readonly error?: string | undefined
  readonly attributes: Attributes
}

function span({ decision }: CallStory, part: SpanPart, made: Part): JsonObject {
  const { id, correlation } = decision.envelope
  const parent = parseTraceparent(correlation?.traceparent)
  const above = part === 'call' ? parent?.span : spanIdFor(id, 'call')
  const { error } = made
  return {
    traceId: parent?.trace ?? traceIdFor(id),
    spanId: spanIdFor(id, part),
    ...(above === undefined ? {} : { parentSpanId: above }),
    name: made.name,
    kind: made.kind,
    startTimeUnixNano: atNanos(made.from),
    endTimeUnixNano: atNanos(made.until),
    attributes: keyValues([...made.attributes, ['error.type', error]]),
    status: error === undefined ? {} : { code: FAILED },
    flags: 1,
  }
}

function decisionAttributes({
  id,
  identity,
  decision,
  approval,
  grant,
}: StoredRecord['envelope']): Attributes {
  return [
    ['remit.decision', id],
    ['remit.effect', decision?.effect],
    ['remit.policies', decision?.policies],
    ['remit.policy_hash', decision?.policyHash],
    ['remit.human', identity?.human],
    ['remit.task', identity?.task],
    ['remit.workflow', identity?.workflow],
    ['remit.approval', approval?.id],
    ['remit.grant', grant?.id],
  ]
}

/** The conventions know `tool_error` for a result that says `isError`; the rest are words of the ledger. */
function failureOf(outcome: StoredRecord | undefined): string | undefined {
  const status = outcome?.envelope.outcome?.status
  if (status === undefined || status === 'ok') return undefined
  return status === 'error' ? 'tool_error' : status
}

function isSampled({ decision }: CallStory): boolean {
  return parseTraceparent(decision.envelope.correlation?.traceparent)?.sampled !== false
}

function timeOf({ envelope }: StoredRecord): number {
  return Date.parse(envelope.at)
}

function atNanos(millis: number): string {
  const whole = Math.floor(millis)
  return nanos(whole, (millis - whole) * 1_000)
}

import type { IncomingHttpHeaders } from 'node:http'
import type { JsonObject } from '../core/json.ts'

/**
 * Where a request stands in a distributed trace: https://www.w3.org/TR/trace-context/ and https://www.w3.org/TR/baggage/,
 * which MCP carries in `_meta` under the same names (SEP-414). Where the gateway has spans, the
 * server is told of its own instead of the client's (`DoorDeps.traceUpstream`).
 */
export interface TraceContext {
  readonly traceparent?: string
  readonly tracestate?: string
  readonly baggage?: string
}

type Field = keyof TraceContext

/** Version `ff` and zeros are invalid. What is not well-formed is dropped, as W3C has it: it must not end a call. */
const TRACEPARENT =
  /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:-[\x21-\x7e]{1,128})?$/
const HEADER_TEXT = /^[\x21-\x7e](?:[\t\x20-\x7e]*[\x21-\x7e])?$/
/** Characters that W3C wants carried at least, and no more is. */
const LONGEST: Readonly<Record<Field, number>> = { traceparent: 256, tracestate: 512, baggage: 8_192 }

const NONE: TraceContext = {}

/**
 * Of one request: what its `_meta` says, which is about this very message; else what its HTTP headers say. Trace and
 * baggage are told apart, and one trace is never put together from both.
 */
export function traceContextOf(meta: JsonObject, headers: IncomingHttpHeaders): TraceContext {
  const traced = traceOf(meta) ?? traceOf(headers) ?? NONE
  const baggage = wellFormed('baggage', meta['baggage']) ?? wellFormed('baggage', headers['baggage'])
  return baggage === undefined ? traced : { ...traced, baggage }
}

/** `tracestate` means nothing without `traceparent`. */
function traceOf(from: Readonly<Record<string, unknown>>): TraceContext | undefined {
  const traceparent = wellFormed('traceparent', from['traceparent'])
  if (traceparent === undefined) return undefined
  const tracestate = wellFormed('tracestate', from['tracestate'])
  return tracestate === undefined ? { traceparent } : { traceparent, tracestate }
}

function wellFormed(field: Field, value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length > LONGEST[field]) return undefined
  return (field === 'traceparent' ? TRACEPARENT : HEADER_TEXT).test(value) ? value : undefined
}

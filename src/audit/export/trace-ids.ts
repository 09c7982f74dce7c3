import { createHash } from 'node:crypto'
import type { StoredRecord } from '../record-reader.ts'

/** https://www.w3.org/TR/trace-context/, as far as spans need it. */
export interface TraceParent {
  /** 32 hex digits. */
  readonly trace: string
  /** Of the caller's span, 16 hex digits. */
  readonly span: string
  readonly sampled: boolean
}

/** Of a `traceparent` that is well-formed, as the door checked; undefined = it is not. */
export function parseTraceparent(text: string | undefined): TraceParent | undefined {
  const [, trace, span, flags] = /^[\da-f]{2}-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})/.exec(text ?? '') ?? []
  if (trace === undefined || span === undefined || flags === undefined) return undefined
  return { trace, span, sampled: (Number.parseInt(flags, 16) & 1) === 1 }
}

/** Trace of a record about a call that came in one. */
export function traceOf({ envelope: { correlation } }: StoredRecord): string | undefined {
  return parseTraceparent(correlation?.traceparent)?.trace
}

/** Trace of a call that came without one: whoever has its decision's id comes to the same. */
export function traceIdFor(decision: string): string {
  return digest(`trace ${decision}`, 16)
}

export type SpanPart = 'call' | 'decide' | 'consent' | 'upstream'

/** Ids are made from the decision, so that what is sent twice is the same span. */
export function spanIdFor(decision: string, part: SpanPart): string {
  return digest(`span ${part} ${decision}`, 8)
}

function digest(text: string, bytes: number): string {
  return createHash('sha256')
    .update(text)
    .digest('hex')
    .slice(0, bytes * 2)
}

/** What the server of a call is told: the span of its part, in the trace of the client or else in one of its own. */
export function traceparentUpstream(decision: string, traceparent: string | undefined): string {
  const parent = parseTraceparent(traceparent)
  const flags = parent === undefined || parent.sampled ? '01' : '00'
  return `00-${parent?.trace ?? traceIdFor(decision)}-${spanIdFor(decision, 'upstream')}-${flags}`
}

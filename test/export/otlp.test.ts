import { describe, expect, test } from 'vitest'
import type { StoredRecord } from '../../src/audit/record-reader.ts'
import { encodeRecords } from '../../src/audit/export/record-encoder.ts'
import { spanIdFor, traceIdFor } from '../../src/audit/export/trace-ids.ts'
import { AT, decisionRecord, outcomeRecord } from '../suites/sample-records.ts'
import { CALLER_SPAN, consentedCall, CONTEXT, finder, oneOfEachKind, stored, TRACE } from './sample-ledger.ts'

interface KeyValue {
  readonly key: string
  readonly value: Readonly<Record<string, unknown>>
}
interface Span {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  readonly kind: number
  readonly startTimeUnixNano: string
  readonly endTimeUnixNano: string
  readonly attributes: readonly KeyValue[]
  readonly status: { readonly code?: number }
}

describe('R-AUD-3: spans', () => {
  test('a call that was consented to is one span in its client’s trace, with deciding, waiting and the server below it', async () => {
    const spans = await spansOf(consentedCall())
    expect(spans.map(({ name, kind }) => [name, kind])).toEqual([
      ['tools/call write_file', 2],
      ['decide', 1],
      ['consent wait', 1],
      ['tools/call write_file', 3],
    ])
    const [call, decide, wait, upstream] = spans
    expect(new Set(spans.map(({ traceId }) => traceId))).toEqual(new Set([TRACE]))
    expect(call?.parentSpanId).toBe(CALLER_SPAN)
    for (const child of [decide, wait, upstream]) expect(child?.parentSpanId).toBe(call?.spanId)
    expect(upstream?.spanId).toBe(spanIdFor('dec_2', 'upstream'))
    expect(spans.map(times)).toEqual([
      [0, 2_012],
      [2_010, 2_010.18],
      [0, 2_000],
      [2_011.1, 2_012],
    ])
    expect(call?.status).toEqual({ code: 2 })
    expect(attributes(call)).toMatchObject({
      'mcp.method.name': { stringValue: 'tools/call' },
      'gen_ai.operation.name': { stringValue: 'execute_tool' },
      'gen_ai.tool.name': { stringValue: 'write_file' },
      'jsonrpc.request.id': { stringValue: '17' },
      'error.type': { stringValue: 'tool_error' },
      'remit.policies': { arrayValue: { values: [{ stringValue: 'workspace-writes' }] } },
    })
    expect(attributes(wait)['remit.approval_state']).toEqual({ stringValue: 'granted' })
  })

  test('no part is outside of the call that it belongs to, and sent twice it is the same', async () => {
    const spans = await spansOf(consentedCall())
    const [from = 0, until = 0] = times(spans[0])
    for (const [start = 0, end = 0] of spans.map(times)) {
      expect(start).toBeGreaterThanOrEqual(from)
      expect(end).toBeLessThanOrEqual(until)
      expect(start).toBeLessThanOrEqual(end)
    }
    expect(await spansOf(consentedCall())).toEqual(spans)
  })

  test('without a trace of the client a call begins one; a denial has no server below it', async () => {
    const decision = decisionRecord({ id: 'dec_5', task: 'tsk_1' })
    const made = decision.envelope.decision
    if (made === undefined) throw new Error('a decision')
    const denied = {
      ...decision,
      envelope: { ...decision.envelope, decision: { ...made, effect: 'deny' as const } },
    }
    const [call, decide, ...others] = await spansOf([stored(0, denied)])
    expect(others).toEqual([])
    expect(call?.traceId).toBe(traceIdFor('dec_5'))
    expect(call?.parentSpanId).toBeUndefined()
    expect(attributes(call)['error.type']).toEqual({ stringValue: 'denied' })
    expect(decide?.parentSpanId).toBe(call?.spanId)
  })

  test('a trace that its client does not sample has no spans, and every record all the same', async () => {
    const records = consentedCall('00')
    expect(await spansOf(records)).toEqual([])
    expect(await logsOf(records)).toHaveLength(records.length)
  })

  test('a request that nobody granted is told of when it expires', async () => {
    const [asking, requested, granted] = consentedCall()
    if (granted === undefined || asking === undefined || requested === undefined) throw new Error('a call')
    const expired = { ...granted, envelope: { ...granted.envelope, kind: 'approval.expired' as const } }
    const spans = await spansOf([asking, requested, expired])
    expect(spans.map(({ name }) => name)).toEqual(['tools/call write_file', 'decide', 'consent wait'])
    expect(attributes(spans[0])['error.type']).toEqual({ stringValue: 'approval.expired' })
  })
})

describe('R-AUD-3: logs', () => {
  test('each kind is a log record with its time, event name, severity and what the record says', async () => {
    const records = oneOfEachKind()
    const logs = await logsOf(records)
    expect(logs.map(({ eventName }) => eventName)).toEqual(
      records.map(({ envelope }) => `remit.${envelope.kind}`),
    )
    expect(logs[0]).toMatchObject({
      timeUnixNano: `${AT}000000`,
      severityNumber: 9,
      severityText: 'INFO',
      body: { stringValue: 'Tool call allowed' },
      traceId: traceIdFor('dec_1'),
      spanId: spanIdFor('dec_1', 'call'),
    })
    expect(attributes(logs[0])).toMatchObject({
      'remit.index': { intValue: '0' },
      'remit.decision_micros': { intValue: '180' },
      'remit.environment_proved': { boolValue: false },
      'mcp.session.id': { stringValue: 'ses_1' },
    })
  })

  test('arguments, results, intent and paths go along only when content is asked for', async () => {
    const records = [
      stored(0, decisionRecord({ id: 'dec_1', task: 'tsk_1' })),
      stored(1, outcomeRecord({ id: 'dec_1', task: 'tsk_1' })),
    ]
    const told = JSON.stringify([await logsOf(records), await spansOf(records)])
    expect(told).not.toMatch(/src\/a\.ts|make the tests pass|written/)
    const [log] = await logsOf(records, true)
    expect(attributes(log)['gen_ai.tool.call.arguments']).toEqual({
      stringValue: JSON.stringify(records[0]?.payload?.arguments),
    })
  })
})

async function batch(
  records: readonly StoredRecord[],
  signal: 'logs' | 'traces',
  content = false,
): Promise<unknown> {
  const encoded = await encodeRecords(records, {
    ...CONTEXT,
    content,
    format: 'otlp',
    signals: [signal],
    find: finder(records),
  })
  return encoded[0] === undefined ? undefined : JSON.parse(encoded[0].text)
}

async function spansOf(records: readonly StoredRecord[]): Promise<readonly Span[]> {
  const traces = (await batch(records, 'traces')) as
    | { resourceSpans: [{ scopeSpans: [{ spans: readonly Span[] }] }] }
    | undefined
  return traces?.resourceSpans[0].scopeSpans[0].spans ?? []
}

async function logsOf(
  records: readonly StoredRecord[],
  content = false,
): Promise<readonly (Span & { readonly eventName: string })[]> {
  const logs = (await batch(records, 'logs', content)) as {
    resourceLogs: [{ scopeLogs: [{ logRecords: readonly (Span & { readonly eventName: string })[] }] }]
  }
  return logs.resourceLogs[0].scopeLogs[0].logRecords
}

function attributes(of: Span | undefined): Readonly<Record<string, Readonly<Record<string, unknown>>>> {
  return Object.fromEntries((of?.attributes ?? []).map(({ key, value }) => [key, value]))
}

/** Milliseconds since the beginning of the sample. */
function times(span: Span | undefined): readonly number[] {
  if (span === undefined) return []
  return [span.startTimeUnixNano, span.endTimeUnixNano].map(
    (nano) => Number(BigInt(nano) - BigInt(AT) * 1_000_000n) / 1e6,
  )
}

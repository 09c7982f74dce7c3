import { canonicalJson } from '../../src/core/canonical-json.ts'
import type { JsonObject } from '../../src/core/json.ts'
import { RECORD_KINDS, type NewRecord, type RecordEnvelope, type RecordKind } from '../../src/core/record.ts'
import type { StoredRecord } from '../../src/audit/record-reader.ts'
import { AT, decisionRecord, outcomeRecord } from '../suites/sample-records.ts'

export const TRACE = 'a'.repeat(32)
export const CALLER_SPAN = 'b'.repeat(16)
export const CONTEXT = { version: '0.1.0', content: false, tenant: 'default' }

/** A record in its place. */
export function stored(index: number, { envelope, detail, payload }: NewRecord): StoredRecord {
  return {
    index,
    body: canonicalJson(envelope as unknown as JsonObject),
    envelope,
    ...(detail === undefined ? {} : { detail }),
    ...(payload === undefined ? {} : { payload }),
  }
}

/** One of each kind: those of calls as the gate writes them, of tasks with their identity, the rest of an administrator. */
export function oneOfEachKind(): readonly StoredRecord[] {
  const { identity } = decisionRecord({ id: 'dec_1', task: 'tsk_1' }).envelope
  return RECORD_KINDS.map((kind, index) => {
    if (kind === 'decision') return stored(index, decisionRecord({ id: 'dec_1', task: 'tsk_1' }))
    if (kind === 'outcome') return stored(index, outcomeRecord({ id: 'dec_1', task: 'tsk_1' }))
    const ofTask = /^(task|grant|approval|list)/.test(kind) && identity !== undefined
    return stored(index, plain(kind, ofTask ? { identity } : { actor: 'root' }))
  })
}

export function plain(kind: RecordKind, more: Partial<RecordEnvelope>): NewRecord {
  const at = new Date(AT).toISOString()
  return {
    envelope: {
      v: 1,
      kind,
      id: `${kind}_1`,
      tenant: 'default',
      at,
      protection: 'advisory',
      data: { human: 'ada' },
      ...more,
    },
  }
}

/** A call that waited two seconds for consent, ran for 900 µs and failed, in a trace of its client. */
export function consentedCall(flags = '01'): readonly StoredRecord[] {
  const traced = (record: NewRecord, at: number, more: Partial<RecordEnvelope> = {}): NewRecord => ({
    ...record,
    envelope: {
      ...record.envelope,
      at: new Date(AT + at).toISOString(),
      correlation: {
        ...record.envelope.correlation,
        requestId: '17',
        traceparent: `00-${TRACE}-${CALLER_SPAN}-${flags}`,
      },
      ...more,
    },
  })
  const decision = decisionRecord({ id: 'dec_1', task: 'tsk_1' })
  const { call } = decision.envelope
  const approval = { id: 'apr_1', state: 'pending', approvers: [] as string[] }
  const asking = { data: { decision: 'dec_1' }, actor: 'bo' }
  return [
    traced(decision, 0, {
      decision: {
        ...(decision.envelope.decision as NonNullable<RecordEnvelope['decision']>),
        effect: 'consent',
      },
      approval,
    }),
    { ...plain('approval.requested', { ...asking, id: 'apr_1', approval }) },
    {
      ...plain('approval.granted', {
        ...asking,
        id: 'apr_1',
        at: new Date(AT + 2_000).toISOString(),
        approval: { ...approval, state: 'granted', approvers: ['bo'] },
      }),
    },
    traced(decisionRecord({ id: 'dec_2', task: 'tsk_1' }), 2_010, {
      approval: { ...approval, state: 'used', approvers: ['bo'] },
    }),
    traced(outcomeRecord({ id: 'dec_2', task: 'tsk_1' }), 2_012, {
      ...(call === undefined ? {} : { call }),
      outcome: { status: 'error', micros: 900, bytes: 12 },
    }),
  ].map((record, index) => stored(index, record))
}

export function finder(records: readonly StoredRecord[]): (id: string) => Promise<readonly StoredRecord[]> {
  return async (id) => records.filter(({ envelope }) => envelope.id === id)
}

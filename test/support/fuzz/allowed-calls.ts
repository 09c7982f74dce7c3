import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import type { RecordDetail, RecordEnvelope, RecordPayload } from '../../../src/core/record.ts'
import type { RunningGateway } from '../running-gateway.ts'
import { callKey } from './fuzz-server.ts'
import { linesOf } from './lines-of.ts'

/** What the ledger says of a whole run. */
export interface LedgerOfRun {
  /** Exit code and complaint of `remit audit verify`. */
  readonly verify: string
  readonly records: number
  /** Every decision about a call, of any effect. */
  readonly decisions: number
  /** Calls that were allowed, by key, and how often. */
  readonly allowed: ReadonlyMap<string, number>
  /** Allowed calls of which no outcome is recorded. */
  readonly withoutOutcome: number
  /** Outcomes for which the gateway blames itself. */
  readonly failedInside: number
}

interface ExportedLine {
  readonly record?: {
    readonly body: string
    readonly detail?: { readonly text: string }
    readonly payload?: { readonly text: string }
  }
}

export async function readLedger(gateway: RunningGateway): Promise<LedgerOfRun> {
  const verified = gateway.remit(['audit', 'verify'])
  const file = join(gateway.home, 'export.jsonl')
  const exported = gateway.remit(['audit', 'export', '--output', file])
  if (exported.status !== 0) throw new Error(exported.stderr)
  const allowed = new Map<string, number>()
  const open = new Set<string>()
  let records = 0
  let decisions = 0
  let failedInside = 0
  // A line at a time: the ledger of a long run fits into no string.
  for await (const line of linesOf(createReadStream(file))) {
    const { record } = JSON.parse(line) as ExportedLine
    if (record === undefined) continue
    records += 1
    const envelope = JSON.parse(record.body) as RecordEnvelope
    if (envelope.kind === 'outcome') {
      open.delete(envelope.id)
      if (/"error":"internal\b/.test(record.payload?.text ?? '')) failedInside += 1
    }
    if (envelope.kind !== 'decision') continue
    decisions += 1
    if (envelope.decision?.effect !== 'allow') continue
    open.add(envelope.id)
    const key = keyOfRecord(envelope, record)
    allowed.set(key, (allowed.get(key) ?? 0) + 1)
  }
  const verify = `${String(verified.status)} ${verified.stderr}`.trim()
  return { verify, records, decisions, allowed, withoutOutcome: open.size, failedInside }
}

function keyOfRecord({ call }: RecordEnvelope, record: NonNullable<ExportedLine['record']>): string {
  const payload = JSON.parse(record.payload?.text ?? '{}') as RecordPayload
  const detail = JSON.parse(record.detail?.text ?? '{}') as RecordDetail
  const kind = call?.kind ?? ''
  const name = kind === 'resource' ? (detail.subject ?? '') : (call?.tool ?? '')
  return callKey(call?.server ?? '', { kind, name, arguments: payload.arguments })
}

import type { StoredRecord } from '../audit/record-reader.ts'
import type { Io } from './command.ts'
import { paint } from './paint.ts'
import { plainLine } from './plain-text.ts'

const STYLES: Readonly<Record<string, 'green' | 'yellow' | 'red'>> = {
  allow: 'green',
  ok: 'green',
  granted: 'green',
  consent: 'yellow',
  pending: 'yellow',
  deny: 'red',
  error: 'red',
  unknown: 'red',
  refused: 'red',
}

/** One line of the timeline. */
export function recordLine(io: Io, record: StoredRecord): string {
  const { envelope, detail } = record
  const verdict = envelope.decision?.effect ?? envelope.outcome?.status ?? envelope.approval?.state ?? ''
  // The first operation is the call itself, which the line names already.
  const operations = (detail?.operations ?? [])
    .slice(1)
    .map(({ action, resource }) => `${action} ${resource.id}`)
  const rest = [
    envelope.call === undefined ? '' : `${envelope.call.server}__${envelope.call.tool}`,
    operations.join(', '),
    envelope.identity === undefined ? '' : `${envelope.identity.human}/${envelope.identity.workflow}`,
    envelope.actor === undefined ? '' : `by ${envelope.actor}`,
    envelope.grant === undefined
      ? ''
      : `under ${envelope.grant.id} of ${envelope.grant.approvers.join(', ')}`,
    envelope.decision?.observed === undefined ? '' : `would be ${envelope.decision.observed.effect}`,
    detail?.reasons?.map((reason) => reason.text).join('; ') ?? '',
    agentWords(envelope),
    // Its hook, its call and its end say the same.
    envelope.correlation?.toolUse === undefined ? '' : `use ${envelope.correlation.toolUse}`,
  ]
  const style = STYLES[verdict]
  const shown = style === undefined ? verdict.padEnd(8) : paint(io, style, verdict.padEnd(8))
  const head = `${String(record.index).padStart(6)}  ${envelope.at}  ${envelope.kind.padEnd(18)}  ${shown}`
  return `${head}  ${plainLine(rest.filter((part) => part !== '').join('  '))}`.trimEnd()
}

/** Of an agent that was heard of: which, and what about it. */
function agentWords({ kind, data = {} }: StoredRecord['envelope']): string {
  if (kind !== 'agent.seen' && kind !== 'agent.irregular') return ''
  const { agent, version, hooks, reason } = data
  return [agent, version, typeof hooks === 'string' ? `hooks ${hooks}` : undefined, reason]
    .filter((word) => typeof word === 'string')
    .join(' ')
}

/** A record as JSON: its place, what the ledger vouches for, and what lies beside it. */
export function recordJson(record: StoredRecord, indent?: number): string {
  const { index, envelope, detail, payload } = record
  return JSON.stringify({ index, ...envelope, detail, payload }, undefined, indent)
}

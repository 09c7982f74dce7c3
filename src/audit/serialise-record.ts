import type { JsonObject } from '../core/json.ts'
import type { NewRecord, RecordEnvelope } from '../core/record.ts'
import { canonicalText, orderedText, type Ordered } from './canonical-text.ts'
import { serialiseDetail, serialisePayload } from './serialise-content.ts'

/**
 * A record as text, written once: whoever gives it its place adds the seals and the writer without parsing it.
 * Body = `head` + sealed + `tail` + writer; canonical (RFC 8785) by construction.
 */
export interface SerialisedRecord {
  readonly tenant: string
  /** The members that sort before `sealed`, with the opening brace. */
  readonly head: string
  /** The members between `sealed` and `writer`, with a leading comma. */
  readonly tail: string
  readonly detail?: string
  readonly payload?: string
}

/** Hex commitments to the content beside a record. */
export interface Seals {
  readonly detail?: string
  readonly payload?: string
}

/** Who put the record into the ledger: its gapless count for this tenant, and its previous leaf in hex. */
export interface WriterMark {
  readonly id: string
  readonly prev: string
  readonly seq: number
}

/** @throws RangeError for a number that is not finite. */
export function serialiseRecord(record: NewRecord): SerialisedRecord {
  const { envelope, detail, payload } = record
  const ordered = orderedEnvelope(envelope)
  // `data` is the one member whose shape is open; nothing on the way of a call has it.
  const head = envelope.data === undefined ? orderedText(ordered) : canonicalText(ordered as JsonObject)
  return {
    tenant: envelope.tenant,
    head: head.slice(0, -1),
    tail: `,"tenant":${orderedText(envelope.tenant)},"v":${envelope.v}`,
    ...(detail && { detail: serialiseDetail(detail) }),
    ...(payload && { payload: serialisePayload(payload) }),
  }
}

/** The bytes that the leaf hash covers. */
export function recordBody(record: SerialisedRecord, seals: Seals, writer: WriterMark): string {
  const detail = seals.detail === undefined ? '' : `"detail":"${seals.detail}"`
  const payload = seals.payload === undefined ? '' : `"payload":"${seals.payload}"`
  const comma = detail !== '' && payload !== '' ? ',' : ''
  const mark = `{"id":"${writer.id}","prev":"${writer.prev}","seq":${writer.seq}}`
  return `${record.head},"sealed":{${detail}${comma}${payload}}${record.tail},"writer":${mark}}`
}

/** What sorts before `sealed`; a member missing here would be a member missing from the ledger. */
type HeadMember = Exclude<keyof RecordEnvelope, 'tenant' | 'v'>

function orderedEnvelope(envelope: RecordEnvelope): { readonly [M in HeadMember]: Ordered } {
  const { approval, correlation, data, glass, grant, outcome } = envelope
  return {
    actor: envelope.actor,
    approval: approval && {
      approvers: approval.approvers,
      deputies: approval.deputies?.map((one) => ({ for: one.for, human: one.human })),
      id: approval.id,
      policyHash: approval.policyHash,
      state: approval.state,
    },
    at: envelope.at,
    call: orderedCall(envelope.call),
    correlation: correlation && {
      client: correlation.client,
      requestId: correlation.requestId,
      session: correlation.session,
      toolUse: correlation.toolUse,
      traceparent: correlation.traceparent,
    },
    data,
    decision: orderedDecision(envelope.decision),
    glass: glass && { approvers: glass.approvers, id: glass.id },
    grant: grant && { approvers: grant.approvers, id: grant.id },
    id: envelope.id,
    identity: orderedIdentity(envelope.identity),
    kind: envelope.kind,
    operations: envelope.operations?.map((operation) => ({
      action: operation.action,
      labels: operation.labels,
      opaque: operation.opaque,
      type: operation.type,
    })),
    outcome: outcome && {
      bytes: outcome.bytes,
      micros: outcome.micros,
      reported: outcome.reported,
      status: outcome.status,
    },
    protection: envelope.protection,
  }
}

function orderedCall(call: RecordEnvelope['call']): Ordered {
  return (
    call && {
      definition: call.definition,
      door: call.door,
      kind: call.kind,
      server: call.server,
      tool: call.tool,
    }
  )
}

function orderedDecision(decision: RecordEnvelope['decision']): Ordered {
  return (
    decision && {
      effect: decision.effect,
      errors: decision.errors,
      gates: decision.gates.map((gate) => ({
        by: gate.by,
        escalateTo: gate.escalateTo,
        quorum: gate.quorum,
        scope: gate.scope,
      })),
      micros: decision.micros,
      observed: decision.observed && {
        effect: decision.observed.effect,
        policies: decision.observed.policies,
      },
      policies: decision.policies,
      policyHash: decision.policyHash,
    }
  )
}

function orderedIdentity(identity: RecordEnvelope['identity']): Ordered {
  return (
    identity && {
      agent: { id: identity.agent.id, kind: identity.agent.kind },
      chain: identity.chain,
      environment: { claimed: identity.environment.claimed, proved: identity.environment.proved },
      human: identity.human,
      task: identity.task,
      workflow: identity.workflow,
    }
  )
}

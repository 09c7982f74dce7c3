import type { Classification } from '../classify/classify.ts'
import type { Approval } from '../core/approval.ts'
import type { Change } from '../core/change.ts'
import type { Decision, Effect } from '../core/decision.ts'
import type { FactIncrements, Facts } from '../core/facts.ts'
import type { Grant } from '../core/grant.ts'
import type { DecisionId } from '../core/ids.ts'
import type { TaskChain } from '../core/identity.ts'
import type { Inspection, Outcome } from '../core/outcome.ts'
import { RECORD_VERSION, type NewRecord, type RecordEnvelope, type RecordIdentity } from '../core/record.ts'
import type { ToolCall } from '../core/tool-call.ts'
import type { Caller } from './gate.ts'
import { rootOf } from './gather-facts.ts'
import { isPlainName } from './plain-name.ts'
import type { RedactedCall } from './redact-call.ts'
import type { Takings } from './take-budget.ts'

/** What was decided about one call, before it is written down. */
export interface DecidedCall {
  readonly id: DecisionId
  readonly caller: Caller
  readonly call: ToolCall
  readonly classification: Classification
  readonly facts: Facts
  readonly takings: Takings
  readonly redacted: RedactedCall
  readonly decision: Decision
  readonly policyHash: string
  readonly micros: number
  readonly approval?: Approval
  /** Consent that lasts, under which the call runs. */
  readonly grant?: Grant
  /** The glass was broken for the task: no gate was asked about. */
  readonly glass?: Approval
}

export function decisionRecord(decided: DecidedCall): NewRecord {
  const { caller, call, classification, decision, facts, redacted } = decided
  return {
    envelope: {
      ...commonEnvelope(decided, facts.now),
      kind: 'decision',
      operations: classification.operations.map(({ action, labels, opaque, resource }) => ({
        action,
        labels,
        opaque,
        type: resource.type,
      })),
      decision: {
        effect: decision.effect,
        policies: decision.policies,
        errors: decision.errors.map((error) => error.policy),
        gates: decision.gates.map(({ scope, by, escalateTo, quorum }) => ({
          scope,
          ...(by === undefined ? {} : { by }),
          ...(escalateTo === undefined ? {} : { escalateTo }),
          quorum,
        })),
        ...(decision.observed === undefined ? {} : { observed: observedWords(decision.observed) }),
        policyHash: decided.policyHash,
        micros: decided.micros,
      },
      ...(decided.approval === undefined ? {} : { approval: approvalSummary(decided.approval) }),
      ...(decided.glass === undefined
        ? {}
        : { glass: { id: decided.glass.id, approvers: decided.glass.votes.map(({ human }) => human) } }),
      ...(decided.grant === undefined
        ? {}
        : { grant: { id: decided.grant.id, approvers: decided.grant.by } }),
    },
    detail: {
      intent: caller.chain.task.intent,
      operations: redacted.scrub(classification.operations),
      reasons: redacted.scrub(decision.reasons),
      errors: decision.errors,
      facts: redacted.scrub(facts),
      human: { teams: caller.human.teams, roles: caller.human.roles },
      ...(decision.observed?.rules === undefined ? {} : { observed: decision.observed.rules }),
      ...(redacted.secrets.length === 0 ? {} : { secrets: redacted.secrets }),
      ...(leafName(call) === call.tool ? {} : { subject: redacted.scrub(call.tool) }),
    },
    payload: { arguments: redacted.arguments },
  }
}

/** What rules that are only observed would have done; which they were stands in the detail. */
function observedWords({ effect, policies }: NonNullable<Decision['observed']>): {
  readonly effect: Effect
  readonly policies: readonly string[]
} {
  return { effect, policies }
}

/** @param details.inspection what was found in the result, which `outcome` holds without its secrets. */
export function outcomeRecord(
  decided: DecidedCall,
  outcome: Outcome,
  { at, inspection }: { readonly at: number; readonly inspection?: Inspection | undefined },
): NewRecord {
  const payload = {
    ...(outcome.result === undefined ? {} : { result: outcome.result }),
    ...(outcome.error === undefined ? {} : { error: outcome.error }),
  }
  return {
    envelope: {
      ...commonEnvelope(decided, at),
      kind: 'outcome',
      outcome: {
        status: outcome.status,
        micros: outcome.micros,
        bytes: outcome.bytes,
        ...(outcome.reported === undefined ? {} : { reported: outcome.reported }),
      },
    },
    ...(inspection === undefined || inspection.labels.length === 0 ? {} : { detail: { inspection } }),
    payload,
  }
}

export function identityOf({ task, ancestors }: TaskChain): RecordIdentity {
  return {
    agent: { id: task.agent.id, kind: task.agent.kind },
    chain: [...ancestors.map((ancestor) => ancestor.id).toReversed(), task.id],
    environment: { claimed: task.environment, proved: task.environmentProved },
    human: task.human,
    task: task.id,
    workflow: task.workflow,
  }
}

export function approvalSummary(approval: Approval): NonNullable<RecordEnvelope['approval']> {
  const approvers =
    approval.refusal === undefined ? approval.votes.map((vote) => vote.human) : [approval.refusal.human]
  const { id, state, policyHash } = approval
  return {
    id,
    state,
    approvers: [...new Set(approvers)],
    ...deputiesOf(approval),
    ...(policyHash === undefined ? {} : { policyHash }),
  }
}

function deputiesOf({ refusal, votes }: Approval): Pick<NonNullable<RecordEnvelope['approval']>, 'deputies'> {
  const deputies = votes.flatMap(({ human, for: other }) =>
    other === undefined ? [] : [{ human, for: other }],
  )
  return refusal !== undefined || deputies.length === 0 ? {} : { deputies }
}

let second = Number.NaN
let upToSecond = ''

/** RFC 3339 in UTC; what it shares with all records of the same second is written once. */
function timestamp(at: number): string {
  const from = at - (at % 1000)
  if (from !== second) {
    upToSecond = new Date(from).toISOString().slice(0, -'000Z'.length)
    second = from
  }
  return `${upToSecond}${String(at - from).padStart(3, '0')}Z`
}

/** Everything but the kind that a decision and its outcome say alike. */
function commonEnvelope(decided: DecidedCall, at: number): Omit<RecordEnvelope, 'kind'> {
  const { call, caller } = decided
  return {
    v: RECORD_VERSION,
    id: decided.id,
    tenant: caller.chain.task.tenant,
    at: timestamp(at),
    identity: identityOf(caller.chain),
    correlation: call.correlation,
    protection: decided.facts.protection,
    call: {
      door: call.door,
      kind: call.kind,
      server: call.server,
      tool: leafName(call),
      ...(call.definition === undefined ? {} : { definition: call.definition.digest }),
    },
  }
}

export function rootIncrements(caller: Caller, add: FactIncrements): Change {
  return { kind: 'add-facts', tenant: caller.chain.task.tenant, root: rootOf(caller.chain).id, add }
}

/** A URI may name a path, and what an agent calls a tool that nobody has can be anything: they are for the detail. */
function leafName({ kind, tool }: ToolCall): string {
  if (kind === 'resource') return 'resources/read'
  return isPlainName(tool) ? tool : '(see the detail)'
}

import type { Facts } from '../core/facts.ts'
import type { JsonObject } from '../core/json.ts'
import { bodyOf } from '../core/large-json.ts'
import type { Operation } from '../core/operation.ts'
import type { TypedFacts } from '../core/typed-facts.ts'
import type { Workload } from '../core/workload.ts'
import type { SecretSpan } from '../core/outcome.ts'
import type { RecordDetail, RecordPayload } from '../core/record.ts'
import { canonicalText, orderedText, type Ordered } from './canonical-text.ts'

type Members = readonly (readonly [name: string, text: string | undefined])[]

/** Canonical text of what explains a record. @throws RangeError for a number that is not finite. */
export function serialiseDetail(detail: RecordDetail): string {
  const texts: { readonly [M in keyof Required<RecordDetail>]: string | undefined } = {
    comment: textOf(detail.comment),
    data: detail.data === undefined ? undefined : canonicalText(detail.data),
    errors: textOf(detail.errors?.map((error) => ({ message: error.message, policy: error.policy }))),
    facts: textOf(detail.facts && orderedFacts(detail.facts)),
    human: textOf(detail.human && { roles: detail.human.roles, teams: detail.human.teams }),
    inspection: textOf(
      detail.inspection && {
        complete: detail.inspection.complete,
        handled: detail.inspection.handled,
        labels: detail.inspection.labels,
        secrets: detail.inspection.secrets.map(orderedSpan),
      },
    ),
    intent: textOf(detail.intent),
    observed: textOf(
      detail.observed && { everything: detail.observed.everything, policies: detail.observed.policies },
    ),
    operations: textOf(detail.operations?.map(orderedOperation)),
    prompt: textOf(detail.prompt),
    reasons: textOf(
      detail.reasons?.map((reason) => ({
        operation: reason.operation,
        policy: reason.policy,
        text: reason.text,
      })),
    ),
    secrets: textOf(detail.secrets?.map(orderedSpan)),
    subject: textOf(detail.subject),
  }
  return objectText(Object.entries(texts))
}

/** Canonical text of what was sent or answered. @throws RangeError for a number that is not finite. */
export function serialisePayload(payload: RecordPayload): string {
  const texts: { readonly [M in keyof Required<RecordPayload>]: string | undefined } = {
    arguments: payload.arguments && canonicalText(payload.arguments),
    error: textOf(payload.error),
    result: payload.result && resultText(payload.result),
  }
  return objectText(Object.entries(texts))
}

/** A large result comes written already; of one that nobody inspected no more than that is kept. */
function resultText(result: JsonObject): string {
  const body = bodyOf(result)
  if (body === undefined) return canonicalText(result)
  return body.kind === 'record' ? body.text : '{"remit/withheld":"it was not inspected"}'
}

function textOf(value: Ordered): string | undefined {
  return value === undefined ? undefined : orderedText(value)
}

function objectText(members: Members): string {
  let text = ''
  for (const [name, member] of members) {
    if (member !== undefined) text += `${text === '' ? '' : ','}"${name}":${member}`
  }
  return `{${text}}`
}

function orderedFacts(facts: Facts): { readonly [M in keyof Required<Facts>]: Ordered } {
  return {
    approvals: facts.approvals,
    budgetExhausted: facts.budgetExhausted,
    door: facts.door,
    environment: facts.environment,
    exhausted: facts.exhausted,
    history: orderedHistory(facts.history),
    holderBound: facts.holderBound,
    hooked: facts.hooked,
    inferred: facts.inferred,
    kind: facts.kind,
    loop: facts.loop,
    now: facts.now,
    outside: facts.outside,
    pinned: facts.pinned,
    protection: facts.protection,
    provenance: facts.provenance,
    sandboxed: facts.sandboxed,
    server: facts.server,
    taskState: facts.taskState,
    tool: facts.tool,
    typed: facts.typed && orderedTyped(facts.typed),
    workload: facts.workload && orderedWorkload(facts.workload),
  }
}

function orderedWorkload(workload: Workload): { readonly [member: string]: Ordered } {
  return Object.fromEntries(Object.entries(workload).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

function orderedTyped({ found, faults }: TypedFacts): { readonly [M in keyof TypedFacts]: Ordered } {
  const members = Object.entries(found)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, fact]): [string, Ordered] => [
      name,
      fact.type === 'money'
        ? { currency: fact.currency, type: fact.type, value: fact.value }
        : { type: fact.type, value: fact.value },
    ])
  return { faults, found: Object.fromEntries(members) }
}

function orderedHistory(history: Facts['history']): { readonly [M in keyof Facts['history']]: Ordered } {
  return {
    calls: history.calls,
    ciRuns: history.ciRuns,
    consents: history.consents,
    denials: history.denials,
    errors: history.errors,
    files: history.files,
    installs: history.installs,
    labels: history.labels,
    lines: history.lines,
    pullRequests: history.pullRequests,
    writes: history.writes,
  }
}

function orderedSpan({ kind, pointer, start, end }: SecretSpan): {
  readonly [M in keyof SecretSpan]: Ordered
} {
  return { end, kind, pointer, start }
}

function orderedOperation(operation: Operation): { readonly [M in keyof Operation]: Ordered } {
  const { origin, resource } = operation
  return {
    action: operation.action,
    labels: operation.labels,
    opaque: operation.opaque,
    origin: { pointer: origin.pointer, span: origin.span },
    resource: {
      ancestors: resource.ancestors.map((ancestor) => ({ id: ancestor.id, type: ancestor.type })),
      id: resource.id,
      type: resource.type,
    },
  }
}

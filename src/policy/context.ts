import type { Facts } from '../core/facts.ts'
import type { Operation } from '../core/operation.ts'
import { WORKLOAD_CLAIMS, type Workload } from '../core/workload.ts'
import { typedValue } from './typed-value.ts'
import { Datetime } from './extensions/datetime.ts'
import { CedarRecord, RecordShape, setOf, UNKNOWN, type Value } from './values.ts'

/** The words of `Context` in the schema, in the order of the values below. */
export const CONTEXT_SHAPE = new RecordShape([
  'approvals',
  'budgetExhausted',
  'callLabels',
  'door',
  'environment',
  'facts',
  'history',
  'holderBound',
  'hooked',
  'hour',
  'weekday',
  'inferred',
  'kind',
  'loop',
  'now',
  'pinned',
  'protection',
  'provenance',
  'sandboxed',
  'server',
  'taskState',
  'tool',
  'workload',
  'opaque',
  'outside',
])

export const WORKLOAD_SHAPE = new RecordShape(['issuer', 'kind', 'name', 'subject', ...WORKLOAD_CLAIMS])

export const HISTORY_SHAPE = new RecordShape(['calls', 'consents', 'denials', 'errors', 'labels', 'writes'])
export const APPROVE_SHAPE = new RecordShape(['hour', 'now', 'weekday'])

const HOUR = 3_600_000
const DAY = 86_400_000
/** 1 January 1970 was a Thursday: day 4 of the week that starts with Monday as 1. */
const FIRST_WEEKDAY = 3

/** What all operations of a call share: everything but `opaque` and `outside`. */
export function callContext(facts: Facts, operations: readonly Operation[]): readonly (Value | undefined)[] {
  const shared = sharedContext({ ...facts, typed: typedValue(facts.typed) })
  return [setOf(facts.approvals), facts.budgetExhausted, callLabels(operations), ...shared]
}

/** One operation's context: the call's, and what is its own. */
export function operationContext(
  shared: readonly (Value | undefined)[],
  operation: Operation,
  outside: readonly string[],
): CedarRecord {
  return new CedarRecord(CONTEXT_SHAPE, [...shared, operation.opaque, setOf(outside)])
}

/**
 * The context of a tool in a list: what only a call would show is unknown, and so is a name left out. A bearer may show a
 * key next time, and hooks may be heard before the call; an agent is told so by what it is refused, not by what is missing.
 */
export function listContext(
  facts: Omit<Facts, 'outside' | 'approvals' | 'server' | 'tool'>,
  names: { readonly server: string | undefined; readonly tool: string | undefined },
): CedarRecord {
  const { server = UNKNOWN, tool = UNKNOWN } = names
  const shared = sharedContext({
    ...facts,
    holderBound: facts.holderBound || UNKNOWN,
    hooked: facts.hooked || UNKNOWN,
    server,
    tool,
    typed: UNKNOWN,
  })
  const values = [UNKNOWN, facts.budgetExhausted, UNKNOWN, ...shared, UNKNOWN, UNKNOWN]
  return new CedarRecord(CONTEXT_SHAPE, values, true)
}

export function approveContext(now: number): CedarRecord {
  return new CedarRecord(APPROVE_SHAPE, [hourOf(now), new Datetime(now), weekdayOf(now)])
}

type SharedFacts = Omit<
  Facts,
  'outside' | 'approvals' | 'holderBound' | 'hooked' | 'server' | 'tool' | 'typed'
> & {
  readonly holderBound: Value
  readonly hooked: Value
  readonly typed: Value
  readonly server: Value
  readonly tool: Value
}

function sharedContext(facts: SharedFacts): readonly (Value | undefined)[] {
  const { history } = facts
  return [
    facts.door,
    facts.environment,
    facts.typed,
    new CedarRecord(HISTORY_SHAPE, [
      history.calls,
      history.consents,
      history.denials,
      history.errors,
      setOf(history.labels),
      history.writes,
    ]),
    facts.holderBound,
    facts.hooked,
    hourOf(facts.now),
    weekdayOf(facts.now),
    facts.inferred,
    facts.kind,
    facts.loop,
    new Datetime(facts.now),
    facts.pinned,
    facts.protection,
    setOf(facts.provenance),
    facts.sandboxed,
    facts.server,
    facts.taskState,
    facts.tool,
    facts.workload === undefined ? undefined : workloadValue(facts.workload),
  ]
}

function workloadValue(workload: Workload): CedarRecord {
  const { issuer, kind, name, subject } = workload
  const claims = WORKLOAD_CLAIMS.map((claim) => workload[claim])
  return new CedarRecord(WORKLOAD_SHAPE, [issuer, kind, name, subject, ...claims])
}

function callLabels(operations: readonly Operation[]): Value {
  const [first] = operations
  if (operations.length === 1 && first !== undefined) return setOf(first.labels)
  return setOf(operations.flatMap((operation) => operation.labels))
}

/** 0 to 23, UTC. */
export function hourOf(now: number): number {
  return Math.floor(now / HOUR) % 24
}

/** 1 (Monday) to 7, UTC. */
export function weekdayOf(now: number): number {
  return ((Math.floor(now / DAY) + FIRST_WEEKDAY) % 7) + 1
}

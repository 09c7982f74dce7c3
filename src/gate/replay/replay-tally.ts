import type { Effect } from '../../core/decision.ts'
import { operationText } from '../../core/operation.ts'
import type { RecordEnvelope } from '../../core/record.ts'
import type { Answer, ReplayedRecord, Skipped } from './replay-record.ts'

export type Direction = 'loosened' | 'tightened' | 'otherwise'
export type Effects = Readonly<Record<Effect, number>>

/** A decision that would be another; `remit explain <index>` says more. */
export interface ReplayExample {
  /** Place of the record in the ledger. */
  readonly index: number
  readonly id: string
  /** RFC 3339. */
  readonly at: string
  readonly task: string
  readonly human: string
  /** `server/tool`. */
  readonly tool: string
  /** What the call does. Not for those who may not see what records carry. */
  readonly what?: string
}

/** Decisions that went the same way because of the same rules. */
export interface TransitionCount {
  readonly from: Effect
  readonly to: Effect
  readonly direction: Direction
  readonly rules: readonly string[]
  decisions: number
  readonly tools: Map<string, number>
  readonly humans: Map<string, number>
  readonly tasks: Map<string, number>
  readonly examples: ReplayExample[]
}

/** What one thread counted; plain, so that it can be sent. */
export interface ReplayTally {
  /** Decisions that passed the filter, and those of them that were made again. */
  decisions: number
  replayed: number
  readonly skipped: Record<Skipped, number>
  /** Made again from operations whose secrets are not on record. */
  redacted: number
  readonly before: Record<Effect, number>
  readonly after: Record<Effect, number>
  /** Requests for consent on record, and those of them that there would be. */
  readonly asked: Set<string>
  readonly askedStill: Set<string>
  /** Calls that would ask and did not. */
  askedNewly: number
  readonly transitions: Map<string, TransitionCount>
  /** Milliseconds since the epoch. */
  first: number
  last: number
}

export const NO_PERMIT = 'remit:no-permit'
const MOST_EXAMPLES = 5
const RANK: Effects = { allow: 0, consent: 1, deny: 2 }

export function emptyTally(): ReplayTally {
  return {
    decisions: 0,
    replayed: 0,
    skipped: { 'no-task': 0, erased: 0, empty: 0, 'not-policy': 0 },
    redacted: 0,
    before: { allow: 0, consent: 0, deny: 0 },
    after: { allow: 0, consent: 0, deny: 0 },
    asked: new Set(),
    askedStill: new Set(),
    askedNewly: 0,
    transitions: new Map(),
    first: Infinity,
    last: -Infinity,
  }
}

/** Adds what became of one record. */
export function countRecord(
  tally: ReplayTally,
  record: { readonly index: number; readonly envelope: RecordEnvelope },
  { before, after, request }: ReplayedRecord,
): void {
  tally.replayed += 1
  tally.before[before.effect] += 1
  tally.after[after.effect] += 1
  countPrompt(tally, record.envelope, { before, after })
  const direction = directionOf(before, after)
  if (direction === undefined) return
  const rules = rulesOf(direction, before, after)
  const key = `${before.effect} ${after.effect} ${direction} ${rules.join(' ')}`
  const known: TransitionCount = tally.transitions.get(key) ?? {
    from: before.effect,
    to: after.effect,
    direction,
    rules,
    decisions: 0,
    tools: new Map(),
    humans: new Map(),
    tasks: new Map(),
    examples: [],
  }
  tally.transitions.set(key, known)
  known.decisions += 1
  const { identity, call, id, at } = record.envelope
  const tool = call === undefined ? '' : `${call.server}/${call.tool}`
  const { human = '', task = '' } = identity ?? {}
  increase(known.tools, tool)
  increase(known.humans, human)
  increase(known.tasks, task)
  if (known.examples.length >= MOST_EXAMPLES) return
  const operation = request.operations.find(({ action }) => action !== 'tool.call') ?? request.operations[0]
  const what = operation === undefined ? {} : { what: operationText(operation) }
  known.examples.push({ index: record.index, id, at, task, human, tool, ...what })
}

function countPrompt(
  tally: ReplayTally,
  { approval }: RecordEnvelope,
  { before, after }: { readonly before: Answer; readonly after: Answer },
): void {
  if (before.effect === 'consent' && approval !== undefined) tally.asked.add(approval.id)
  if (after.effect !== 'consent') return
  // A call that was asked about is on record again when it runs: it is one request.
  if (approval === undefined) tally.askedNewly += 1
  else tally.askedStill.add(approval.id)
}

/** Undefined = decided alike, by the same gates. */
export function directionOf(before: Answer, after: Answer): Direction | undefined {
  if (before.effect !== after.effect)
    return RANK[after.effect] < RANK[before.effect] ? 'loosened' : 'tightened'
  if (before.gates.length === 0 && after.gates.length === 0) return undefined
  const [was, is] = [demandsOf(before), demandsOf(after)]
  const dropped = was.some((each) => !is.includes(each))
  const added = is.some((each) => !was.includes(each))
  if (dropped && added) return 'otherwise'
  if (dropped) return 'loosened'
  return added ? 'tightened' : undefined
}

function demandsOf({ gates }: Answer): readonly string[] {
  return gates.map(({ scope, by = '', quorum }) => `${scope}/${by}/${quorum}`)
}

/** What stops a call now, or stopped it. */
function rulesOf(direction: Direction, before: Answer, after: Answer): readonly string[] {
  if (direction === 'otherwise') return [...new Set([...before.policies, ...after.policies])].toSorted()
  const { policies } = direction === 'tightened' ? after : before
  return policies.length === 0 ? [NO_PERMIT] : policies
}

function increase(counts: Map<string, number>, name: string, by = 1): void {
  counts.set(name, (counts.get(name) ?? 0) + by)
}

/** Adds one thread's counts to another's. */
export function mergeTally(into: ReplayTally, from: ReplayTally): void {
  into.decisions += from.decisions
  into.replayed += from.replayed
  into.redacted += from.redacted
  into.askedNewly += from.askedNewly
  into.first = Math.min(into.first, from.first)
  into.last = Math.max(into.last, from.last)
  for (const why of Object.keys(into.skipped) as Skipped[]) into.skipped[why] += from.skipped[why]
  for (const effect of Object.keys(RANK) as Effect[]) {
    into.before[effect] += from.before[effect]
    into.after[effect] += from.after[effect]
  }
  for (const id of from.asked) into.asked.add(id)
  for (const id of from.askedStill) into.askedStill.add(id)
  for (const [key, more] of from.transitions) {
    const known = into.transitions.get(key)
    if (known === undefined) into.transitions.set(key, more)
    else mergeTransition(known, more)
  }
}

function mergeTransition(into: TransitionCount, from: TransitionCount): void {
  into.decisions += from.decisions
  for (const part of ['tools', 'humans', 'tasks'] as const)
    for (const [name, count] of from[part]) increase(into[part], name, count)
  const examples = [...into.examples, ...from.examples].toSorted((a, b) => a.index - b.index)
  into.examples.splice(0, Infinity, ...examples.slice(0, MOST_EXAMPLES))
}

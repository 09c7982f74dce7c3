import type { Json, JsonObject } from '../../src/core/json.ts'

/**
 * Random Cedar policies, entities and requests, drawn from a tape of numbers so that fast-check can shrink
 * them: an exhausted tape yields zeros, and choice zero is the simplest. About one operand in twelve has the
 * wrong type on purpose, since errors must agree too.
 */
export class Tape {
  readonly #numbers: readonly number[]
  #at = 0

  constructor(numbers: readonly number[]) {
    this.#numbers = numbers
  }

  below(limit: number): number {
    return (this.#numbers[this.#at++] ?? 0) % limit
  }

  of<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)]!
  }

  listOf<T>(most: number, make: () => T): readonly T[] {
    return Array.from({ length: this.below(most + 1) }, make)
  }
}

export const TYPES = ['User', 'Group', 'File', 'App::Item'] as const
const IDS = ['a', 'b', 'c', '', '🙂"]::'] as const
const ACTIONS = ['view', 'edit', 'act'] as const
const ATTRIBUTES = [
  'flag',
  'count',
  'name',
  'owner',
  'labels',
  'inner',
  'when',
  'lasts',
  'price',
  'from',
  'peers',
]
const STRINGS = ['', 'a', 'b*c', 'src/app.ts', 'ünïcode', '🙂x', 'constructor', '__proto__', '"],"']
const NUMBERS = [0, 1, -1, 2, 7, 100, 4_294_967_296, 9_007_199_254_740_991, -9_007_199_254_740_991]
const LITERALS: Readonly<Record<string, readonly string[]>> = {
  decimal: ['1.0', '1.00', '-0.5', '922337203685477.5807', '922337203685477.5808', '1', 'x'],
  ip: ['10.0.0.1', '10.0.0.0/8', '127.0.0.1', '::1', 'ff02::1', '2001:db8::/32', '1.2.3', '::ffff:1.2.3.4'],
  datetime: [
    '1970-01-01',
    '2026-11-22T10:00:00Z',
    '2026-11-22T10:00:00.123+0130',
    '1969-12-31T23:59:59Z',
    '2026-02-30',
    '2026-01-01T25:00:00Z',
  ],
  duration: [
    '0ms',
    '1d',
    '-1d2h3m4s5ms',
    '90m',
    '1h1h',
    '9223372036854775807ms',
    '9223372036854775808ms',
    '',
  ],
}

type Kind =
  | 'bool'
  | 'long'
  | 'string'
  | 'entity'
  | 'set'
  | 'record'
  | 'decimal'
  | 'ip'
  | 'datetime'
  | 'duration'
const KINDS: readonly Kind[] = [
  'bool',
  'long',
  'string',
  'entity',
  'set',
  'record',
  'decimal',
  'ip',
  'datetime',
  'duration',
]
const ATTRIBUTE_OF: Readonly<Record<Kind, readonly string[]>> = {
  bool: ['flag'],
  long: ['count'],
  string: ['name'],
  entity: ['owner'],
  set: ['labels', 'peers'],
  record: ['inner'],
  decimal: ['price'],
  ip: ['from'],
  datetime: ['when'],
  duration: ['lasts'],
}

export interface RandomCase {
  readonly policies: { readonly [id: string]: JsonObject }
  readonly entities: readonly { uid: Json; attrs: JsonObject; parents: readonly Json[]; tags: JsonObject }[]
  readonly requests: readonly { principal: Json; action: Json; resource: Json; context: JsonObject }[]
}

/** @param facts a tape of their own for entities and requests, which would starve after many policies. */
export function randomCase(tape: Tape, requests: number, facts: Tape = tape): RandomCase {
  const count = 2 + tape.below(12)
  const policies = Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`p${index}`, randomPolicy(tape)]),
  )
  return {
    policies,
    entities: randomEntities(facts),
    requests: Array.from({ length: requests }, () => ({
      principal: randomUid(facts, ['User', 'Group']),
      action: { type: 'Action', id: facts.of(ACTIONS) },
      resource: randomUid(facts, ['File', 'Group', 'App::Item']),
      context: randomAttributes(facts),
    })),
  }
}

export function randomUid(
  tape: Tape,
  types: readonly string[] = TYPES,
): { readonly type: string; readonly id: string } {
  return { type: tape.of(types), id: tape.of(IDS) }
}

function randomEntities(tape: Tape): RandomCase['entities'] {
  const all = TYPES.flatMap((type) => IDS.map((id) => ({ type, id })))
  const known = all.filter(() => tape.below(6) > 0)
  const entities = known.map((uid) => ({
    uid,
    attrs: randomAttributes(tape),
    // Only of later ones, so that there is no cycle.
    parents: tape
      .listOf(3, () => all[all.indexOf(uid) + 1 + tape.below(6)])
      .filter((parent) => parent !== undefined),
    tags: Object.fromEntries(
      tape.listOf(2, () => [
        tape.of(STRINGS),
        randomValue(tape, tape.of(['string', 'string', 'set', 'long']), 1),
      ]),
    ),
  }))
  return [
    ...entities,
    { uid: { type: 'Action', id: 'view' }, attrs: {}, parents: [{ type: 'Action', id: 'act' }], tags: {} },
    { uid: { type: 'Action', id: 'edit' }, attrs: {}, parents: [], tags: {} },
    { uid: { type: 'Action', id: 'act' }, attrs: {}, parents: [], tags: {} },
  ]
}

function randomAttributes(tape: Tape): JsonObject {
  return Object.fromEntries(
    KINDS.flatMap((kind) => ATTRIBUTE_OF[kind].map((name) => [name, kind, tape.below(16)] as const))
      .filter(([, , roll]) => roll > 0)
      .map(([name, kind, roll]) => [name, randomValue(tape, roll === 1 ? tape.of(KINDS) : kind, 2)]),
  )
}

/** A value in Cedar's JSON form for data; extension values are always sound ones here. */
function randomValue(tape: Tape, kind: Kind, depth: number): Json {
  switch (kind) {
    case 'bool':
      return tape.below(2) === 1
    case 'long':
      return tape.of(NUMBERS)
    case 'string':
      return tape.of(STRINGS)
    case 'entity':
      return { __entity: randomUid(tape) }
    case 'set':
      return depth === 0 ? [] : tape.listOf(3, () => randomValue(tape, tape.of(KINDS), depth - 1))
    case 'record':
      return {
        flag: tape.below(2) === 1,
        count: tape.of(NUMBERS),
        ...(depth === 0 ? {} : { labels: tape.listOf(2, () => tape.of(STRINGS)) }),
      }
    case 'decimal':
    case 'ip':
    case 'datetime':
    case 'duration':
      return { __extn: { fn: kind, arg: LITERALS[kind]!.slice(0, 4)[tape.below(4)]! } }
  }
}

export function randomPolicy(tape: Tape): JsonObject {
  return {
    effect: tape.of(['permit', 'permit', 'forbid']),
    principal: randomScope(tape, ['User', 'Group']),
    action: randomActionScope(tape),
    resource: randomScope(tape, ['File', 'Group', 'App::Item']),
    conditions: tape.listOf(2, () => ({
      kind: tape.of(['when', 'when', 'unless']),
      body: expression(tape, 'bool', 4),
    })),
  }
}

function randomScope(tape: Tape, types: readonly string[]): JsonObject {
  switch (tape.below(7)) {
    case 1:
      return { op: '==', entity: randomUid(tape, types) }
    case 2:
      return { op: 'in', entity: randomUid(tape) }
    case 3:
      return { op: 'is', entity_type: tape.of(types) }
    case 4:
      return { op: 'is', entity_type: tape.of(types), in: { entity: randomUid(tape) } }
    default:
      return { op: 'All' }
  }
}

function randomActionScope(tape: Tape): JsonObject {
  const action = (): JsonObject => ({ type: 'Action', id: tape.of(ACTIONS) })
  switch (tape.below(5)) {
    case 1:
      return { op: '==', entity: action() }
    case 2:
      return { op: 'in', entity: action() }
    case 3:
      return { op: 'in', entities: tape.listOf(3, action) }
    default:
      return { op: 'All' }
  }
}

function expression(tape: Tape, wanted: Kind, depth: number): Json {
  const kind = tape.below(12) === 11 ? tape.of(KINDS) : wanted
  if (depth <= 0) return leaf(tape, kind)
  const inner = (of: Kind): Json => expression(tape, of, depth - 1)
  if (tape.below(9) === 8) {
    // oxlint-disable-next-line unicorn/no-thenable -- Cedar's own word, and never awaited
    return { 'if-then-else': { if: inner('bool'), then: inner(kind), else: inner(kind) } }
  }
  switch (kind) {
    case 'bool':
      return booleanExpression(tape, inner)
    case 'long':
      return longExpression(tape, inner)
    case 'set':
      return tape.below(2) === 0 ? leaf(tape, kind) : { Set: tape.listOf(3, () => inner(tape.of(KINDS))) }
    case 'record':
      return tape.below(2) === 0
        ? leaf(tape, kind)
        : { Record: { flag: inner('bool'), count: inner('long') } }
    case 'datetime':
      return tape.of([
        leaf(tape, kind),
        { offset: [inner('datetime'), inner('duration')] },
        { toDate: [inner('datetime')] },
      ])
    case 'duration':
      return tape.of([
        leaf(tape, kind),
        { toTime: [inner('datetime')] },
        { durationSince: [inner('datetime'), inner('datetime')] },
      ])
    case 'string':
      return tape.below(4) === 3
        ? { getTag: { left: inner('entity'), right: inner('string') } }
        : leaf(tape, kind)
    case 'entity':
    case 'decimal':
    case 'ip':
      return leaf(tape, kind)
  }
}

function leaf(tape: Tape, kind: Kind): Json {
  switch (tape.below(4)) {
    case 1:
      return attribute({ Var: 'context' }, tape.of(ATTRIBUTE_OF[kind]))
    case 2:
      return attribute({ Var: tape.of(['principal', 'resource']) }, tape.of(ATTRIBUTE_OF[kind]))
    case 3:
      if (kind === 'bool' || kind === 'long') {
        return attribute(attribute({ Var: 'context' }, 'inner'), kind === 'bool' ? 'flag' : 'count')
      }
      if (kind === 'entity') return { Var: tape.of(['principal', 'action', 'resource']) }
  }
  if (kind === 'set') return { Set: [{ Value: tape.of(STRINGS) }, { Value: tape.of(NUMBERS) }] }
  if (kind === 'record') return { Record: {} }
  if (kind in LITERALS) return { [kind]: [{ Value: tape.of(LITERALS[kind]!) }] }
  return { Value: randomValue(tape, kind, 0) }
}

function attribute(left: Json, attr: string): Json {
  return { '.': { left, attr } }
}

const ORDERS = ['<', '<=', '>', '>='] as const
const DECIMAL_ORDERS = ['lessThan', 'lessThanOrEqual', 'greaterThan', 'greaterThanOrEqual'] as const

function booleanExpression(tape: Tape, inner: (kind: Kind) => Json): Json {
  const pair = (kind: Kind): JsonObject => ({ left: inner(kind), right: inner(kind) })
  const any = tape.of(KINDS)
  switch (tape.below(18)) {
    case 0:
      return leaf(tape, 'bool')
    case 1:
      return { '!': { arg: inner('bool') } }
    case 2:
      return { '&&': pair('bool') }
    case 3:
      return { '||': pair('bool') }
    case 4:
      return { '==': pair(any) }
    case 5:
      return { '!=': pair(any) }
    case 6:
      return { [tape.of(ORDERS)]: pair(tape.of(['long', 'datetime', 'duration'])) }
    case 7:
      return { in: { left: inner('entity'), right: inner(tape.of(['entity', 'set'])) } }
    case 8:
      return { is: { left: inner('entity'), entity_type: tape.of(TYPES) } }
    case 9:
      return { is: { left: inner('entity'), entity_type: tape.of(TYPES), in: inner('entity') } }
    case 10:
      return { contains: { left: inner('set'), right: inner(any) } }
    case 11:
      return { [tape.of(['containsAll', 'containsAny'])]: pair('set') }
    case 12:
      return { isEmpty: { arg: inner('set') } }
    case 13:
      return { has: { left: inner(tape.of(['record', 'entity'])), attr: tape.of(ATTRIBUTES) } }
    case 14:
      return { hasTag: { left: inner('entity'), right: inner('string') } }
    case 15:
      return { like: { left: inner('string'), pattern: randomPattern(tape) } }
    case 16:
      return { [tape.of(DECIMAL_ORDERS)]: [inner('decimal'), inner('decimal')] }
    default:
      return tape.of([
        { isInRange: [inner('ip'), inner('ip')] },
        { [tape.of(['isIpv4', 'isIpv6', 'isLoopback', 'isMulticast'])]: [inner('ip')] },
      ])
  }
}

function randomPattern(tape: Tape): readonly Json[] {
  const parts = tape.listOf(4, (): readonly Json[] =>
    tape.below(2) === 0
      ? ['Wildcard']
      : Array.from(tape.of(['a', 'src', '*', '🙂', '.ts'])).map((Literal) => ({ Literal })),
  )
  return parts.flat()
}

function longExpression(tape: Tape, inner: (kind: Kind) => Json): Json {
  const operator = tape.of(['', 'neg', '+', '-', '*', 'to'])
  switch (operator) {
    case '':
      return leaf(tape, 'long')
    case 'neg':
      return { neg: { arg: inner('long') } }
    case 'to':
      return {
        [tape.of(['toMilliseconds', 'toSeconds', 'toMinutes', 'toHours', 'toDays'])]: [inner('duration')],
      }
    default:
      return { [operator]: { left: inner('long'), right: inner('long') } }
  }
}

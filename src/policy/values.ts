import { evaluationError } from './evaluation-error.ts'
import { ExtensionValue } from './extensions/extension-value.ts'

/** `Type::"id"`. Compared by type and id, so that an instance from a request equals one from a policy. */
export class EntityUid {
  readonly type: string
  readonly id: string

  constructor(type: string, id: string) {
    this.type = type
    this.id = id
  }

  toString(): string {
    return `${this.type}::${JSON.stringify(this.id)}`
  }
}

/** Stands for a value that is not known yet; only `visible` evaluates with it. See visible.ts. */
export class UnknownValue {
  readonly unknown = true
}
export const UNKNOWN = new UnknownValue()

/**
 * What Cedar expressions yield. A Long is a `number` while it is a safe integer and a `bigint` beyond, so that
 * the two never hold the same value and `===` compares them.
 */
export type Value =
  | boolean
  | string
  | number
  | bigint
  | EntityUid
  | CedarSet
  | CedarRecord
  | ExtensionValue
  | UnknownValue

const SMALL_SET = 8

export class CedarSet {
  readonly items: readonly Value[]
  #keys: Set<string> | undefined

  constructor(items: readonly Value[]) {
    this.items = items
  }

  has(value: Value): boolean {
    if (typeof value !== 'object' && this.items.length <= SMALL_SET) return this.items.includes(value)
    return this.keys().has(keyOf(value))
  }

  keys(): Set<string> {
    this.#keys ??= new Set(this.items.map(keyOf))
    return this.#keys
  }
}

export const EMPTY_SET = new CedarSet([])

/** A fact as a set. @throws RemitError for what is no list: a fact that was made wrongly must not read as empty. */
export function setOf(items: readonly string[]): CedarSet {
  if (!Array.isArray(items)) throw evaluationError('a fact that should be a list is none')
  return items.length === 0 ? EMPTY_SET : new CedarSet(items)
}

/** The attribute names of records that are made alike, so that a look-up is one index into an array. */
export class RecordShape {
  readonly names: readonly string[]
  readonly #positions: ReadonlyMap<string, number>

  constructor(names: readonly string[]) {
    this.names = names
    this.#positions = new Map(names.map((name, position) => [name, position]))
  }

  positionOf(name: string): number | undefined {
    return this.#positions.get(name)
  }
}

/** `undefined` at a position = this record does not have that attribute. */
export class CedarRecord {
  readonly shape: RecordShape
  readonly values: readonly (Value | undefined)[]
  /** Some member is `UNKNOWN`. */
  readonly partial: boolean

  constructor(shape: RecordShape, values: readonly (Value | undefined)[], partial = false) {
    this.shape = shape
    this.values = values
    this.partial = partial
  }

  get(name: string): Value | undefined {
    const position = this.shape.positionOf(name)
    return position === undefined ? undefined : this.values[position]
  }
}

export function recordOf(entries: readonly (readonly [string, Value])[]): CedarRecord {
  return new CedarRecord(
    new RecordShape(entries.map(([name]) => name)),
    entries.map(([, value]) => value),
  )
}

export const EMPTY_RECORD = recordOf([])

export function isUndetermined(value: Value): boolean {
  return value === UNKNOWN || (value instanceof CedarRecord && value.partial)
}

/** Cedar's `==`: values of different types are different, never an error. */
export function equals(a: Value, b: Value): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object') return false
  if (a instanceof EntityUid) return b instanceof EntityUid && sameEntity(a, b)
  return !(b instanceof EntityUid) && keyOf(a) === keyOf(b)
}

export function sameEntity(a: EntityUid, b: EntityUid): boolean {
  return a === b || (a.id === b.id && a.type === b.type)
}

/**
 * A text that two values share exactly when Cedar holds them equal.
 * INVARIANT: strings are quoted, so that no content can look like the punctuation around it.
 */
function keyOf(value: Value): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value !== 'object') return String(value)
  if (value instanceof EntityUid) return value.toString()
  if (value instanceof CedarSet) return `[${[...value.keys()].toSorted().join(',')}]`
  if (value instanceof CedarRecord) return recordKey(value)
  if (value instanceof ExtensionValue) return `${value.kind}(${value.key()})`
  throw evaluationError('an unknown value was compared')
}

function recordKey(record: CedarRecord): string {
  const members: string[] = []
  record.shape.names.forEach((name, position) => {
    const value = record.values[position]
    if (value !== undefined) members.push(`${JSON.stringify(name)}:${keyOf(value)}`)
  })
  return `{${members.toSorted().join(',')}}`
}

/** Cedar's name of a value's type, for messages. */
function typeName(value: Value): string {
  if (typeof value === 'boolean') return 'bool'
  if (typeof value === 'string') return 'string'
  if (typeof value === 'number' || typeof value === 'bigint') return 'long'
  if (value instanceof EntityUid) return `entity of type ${value.type}`
  if (value instanceof CedarSet) return 'set'
  if (value instanceof CedarRecord) return 'record'
  if (value instanceof ExtensionValue) return value.kind
  return 'unknown'
}

export function typeError(expected: string, value: Value): Error {
  return evaluationError(`type error: expected ${expected}, got ${typeName(value)}`)
}

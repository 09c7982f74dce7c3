import { sameEntity, type CedarRecord, type EntityUid, type UnknownValue, type Value } from './values.ts'

export interface Entity {
  readonly uid: EntityUid
  readonly attributes: CedarRecord
  readonly tags?: CedarRecord
  /** All of them, not only the parents. */
  readonly ancestors: readonly EntityUid[]
}

export interface EntitySource {
  find(uid: EntityUid): Entity | undefined
}

/** What a compiled policy is evaluated against. `resource` is unknown only for `visible`. */
export interface Evaluation {
  readonly principal: EntityUid
  readonly action: EntityUid
  readonly resource: EntityUid | UnknownValue
  readonly context: CedarRecord
  readonly entities: EntitySource
  /** Set when `&&` or `||` came to an answer past an operand that is unknown, and so might be an error. */
  absorbedUnknown: boolean
}

/** A compiled expression. @throws RemitError where Cedar's evaluation is an error. */
export type Evaluate = (evaluation: Evaluation) => Value

/** Cedar's `in`: the entity itself or one of its ancestors. An entity that nobody knows has none. */
export function isIn(evaluation: Evaluation, uid: EntityUid, ancestor: EntityUid): boolean {
  if (sameEntity(uid, ancestor)) return true
  const entity = evaluation.entities.find(uid)
  if (entity === undefined) return false
  for (const candidate of entity.ancestors) if (sameEntity(candidate, ancestor)) return true
  return false
}

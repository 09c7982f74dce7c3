import { member, optionalMember, textMember } from '../est.ts'
import { isIn, type Evaluate } from '../evaluation.ts'
import { CedarSet, EntityUid, typeError, UNKNOWN, type Value } from '../values.ts'
import type { CompileOperator } from './operator.ts'

export const HIERARCHY: Readonly<Record<string, CompileOperator>> = {
  in: (body, compile) => isInOperator(compile(member(body, 'left')), compile(member(body, 'right'))),
  is: (body, compile) => {
    const left = compile(member(body, 'left'))
    const type = textMember(body, 'entity_type')
    const container = optionalMember(body, 'in')
    const inside = container === undefined ? undefined : isInOperator(left, compile(container))
    return (evaluation) => {
      const uid = left(evaluation)
      if (uid === UNKNOWN) return UNKNOWN
      if (entity(uid).type !== type) return false
      return inside === undefined ? true : inside(evaluation)
    }
  },
}

function isInOperator(left: Evaluate, right: Evaluate): Evaluate {
  return (evaluation) => {
    const uid = left(evaluation)
    const target = right(evaluation)
    if (uid === UNKNOWN || target === UNKNOWN) return UNKNOWN
    const member = entity(uid)
    if (target instanceof EntityUid) return isIn(evaluation, member, target)
    if (!(target instanceof CedarSet)) throw typeError('entity or set of entities', target)
    // All of them are checked first: Cedar reports a set with anything else in it, found or not.
    const candidates = target.items.map(entity)
    return candidates.some((candidate) => isIn(evaluation, member, candidate))
  }
}

function entity(value: Value): EntityUid {
  if (!(value instanceof EntityUid)) throw typeError('entity', value)
  return value
}

import type { Json } from '../core/json.ts'
import { asList, entityFromEst, malformed, member, optionalMember, textMember } from './est.ts'
import { isIn, type Evaluation } from './evaluation.ts'
import { EntityUid, sameEntity, UNKNOWN, type UnknownValue, type Value } from './values.ts'

/** One of the three constraints in a policy's head. Never an error; unknown only for an unknown entity. */
export interface Scope {
  readonly test: (evaluation: Evaluation) => boolean | UnknownValue
  /** The policy can hold only for this entity and what is in it. */
  readonly within?: EntityUid
  /** The policy can hold only for entities of this type. */
  readonly type?: string
}

export type ScopeVariable = 'principal' | 'action' | 'resource'

/** @throws RemitError `policy_engine_failed` for a constraint that this version does not know. */
export function compileScope(variable: ScopeVariable, scope: Json): Scope {
  const subject = SUBJECTS[variable]
  const operator = textMember(scope, 'op')
  switch (operator) {
    case 'All':
      return { test: () => true }
    case '==': {
      const uid = entityFromEst(member(scope, 'entity'))
      return { test: known(subject, (_evaluation, entity) => sameEntity(entity, uid)), within: uid }
    }
    case 'in': {
      const entities = optionalMember(scope, 'entities')
      if (entities !== undefined) return inAny(subject, asList(entities).map(entityFromEst))
      const uid = entityFromEst(member(scope, 'entity'))
      return { test: known(subject, (evaluation, entity) => isIn(evaluation, entity, uid)), within: uid }
    }
    case 'is':
      return compileIs(subject, scope)
    default:
      throw malformed(`scope operator \`${operator}\` is not known`)
  }
}

type Subject = (evaluation: Evaluation) => EntityUid | UnknownValue

const SUBJECTS: Readonly<Record<ScopeVariable, Subject>> = {
  principal: (evaluation) => evaluation.principal,
  action: (evaluation) => evaluation.action,
  resource: (evaluation) => evaluation.resource,
}

function compileIs(subject: Subject, scope: Json): Scope {
  const type = textMember(scope, 'entity_type')
  const container = optionalMember(scope, 'in')
  if (container === undefined)
    return { test: known(subject, (_evaluation, entity) => entity.type === type), type }
  const uid = entityFromEst(member(container, 'entity'))
  return {
    test: known(subject, (evaluation, entity) => entity.type === type && isIn(evaluation, entity, uid)),
    within: uid,
    type,
  }
}

function inAny(subject: Subject, uids: readonly EntityUid[]): Scope {
  return {
    test: known(subject, (evaluation, entity) => uids.some((uid) => isIn(evaluation, entity, uid))),
  }
}

function known(
  subject: Subject,
  test: (evaluation: Evaluation, entity: EntityUid) => boolean,
): (evaluation: Evaluation) => boolean | UnknownValue {
  return (evaluation) => {
    const entity: Value = subject(evaluation)
    return entity instanceof EntityUid ? test(evaluation, entity) : UNKNOWN
  }
}

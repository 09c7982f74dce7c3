import { isJsonObject, type Json } from '../../core/json.ts'
import { evaluationError } from '../evaluation-error.ts'
import { asList, malformed, member, textMember } from '../est.ts'
import type { Entity, Evaluation } from '../evaluation.ts'
import {
  CedarRecord,
  EntityUid,
  isUndetermined,
  RecordShape,
  typeError,
  UNKNOWN,
  type Value,
} from '../values.ts'
import type { CompileOperator } from './operator.ts'

export const ATTRIBUTES: Readonly<Record<string, CompileOperator>> = {
  '.': (body, compile) => {
    const left = compile(member(body, 'left'))
    const name = textMember(body, 'attr')
    return (evaluation) => getAttribute(evaluation, left(evaluation), name)
  },
  has: (body, compile) => {
    const left = compile(member(body, 'left'))
    const path = attributePath(member(body, 'attr'))
    return (evaluation) => hasPath(evaluation, left(evaluation), path)
  },
  getTag: tagOperator((entity, uid, name) => {
    if (entity === undefined) throw noEntity(uid)
    const value = entity.tags?.get(name)
    if (value === undefined) throw evaluationError(`\`${uid.toString()}\` has no tag \`${name}\``)
    return value
  }),
  hasTag: tagOperator((entity, _uid, name) => entity?.tags?.get(name) !== undefined),
  Record: (body, compile) => {
    if (!isJsonObject(body)) throw malformed('a record is no object')
    const shape = new RecordShape(Object.keys(body))
    const members = Object.values(body).map(compile)
    return (evaluation) => {
      const values = members.map((evaluate) => evaluate(evaluation))
      return new CedarRecord(shape, values, values.some(isUndetermined))
    }
  },
}

/** `has a.b.c` comes as a list, `has a` as a string. */
function attributePath(attribute: Json): readonly string[] {
  return typeof attribute === 'string' ? [attribute] : asList(attribute).map(String)
}

function getAttribute(evaluation: Evaluation, target: Value, name: string): Value {
  const value = lookUp(evaluation, target, name)
  if (value !== undefined) return value
  if (target instanceof EntityUid && evaluation.entities.find(target) === undefined) throw noEntity(target)
  throw evaluationError(`attribute \`${name}\` does not exist`)
}

function hasPath(evaluation: Evaluation, target: Value, path: readonly string[]): Value {
  let current = target
  for (const name of path) {
    if (current === UNKNOWN) return UNKNOWN
    const next = lookUp(evaluation, current, name)
    if (next === undefined) return false
    current = next
  }
  return true
}

function lookUp(evaluation: Evaluation, target: Value, name: string): Value | undefined {
  if (target instanceof CedarRecord) return target.get(name)
  if (target instanceof EntityUid) return evaluation.entities.find(target)?.attributes.get(name)
  if (target === UNKNOWN) return UNKNOWN
  throw typeError('record or entity', target)
}

function tagOperator(
  read: (entity: Entity | undefined, uid: EntityUid, name: string) => Value,
): CompileOperator {
  return (body, compile) => {
    const left = compile(member(body, 'left'))
    const right = compile(member(body, 'right'))
    return (evaluation) => {
      const uid = left(evaluation)
      const name = right(evaluation)
      if (uid === UNKNOWN || name === UNKNOWN) return UNKNOWN
      if (!(uid instanceof EntityUid)) throw typeError('entity', uid)
      if (typeof name !== 'string') throw typeError('string', name)
      return read(evaluation.entities.find(uid), uid, name)
    }
  }
}

function noEntity(uid: EntityUid): Error {
  return evaluationError(`entity \`${uid.toString()}\` does not exist`)
}

import { RemitError } from '../core/errors.ts'
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts'
import { EntityUid } from './values.ts'

/**
 * Cedar's JSON form of a policy (EST), as the official parser wrote it.
 * https://docs.cedarpolicy.com/policies/json-format.html
 */
export type Est = JsonObject

export function malformed(what: string): RemitError {
  return new RemitError('policy_engine_failed', `the JSON form of a policy is malformed: ${what}`)
}

export function member(est: Json | undefined, name: string): Json {
  const value = isJsonObject(est) && Object.hasOwn(est, name) ? est[name] : undefined
  if (value === undefined) throw malformed(`\`${name}\` is missing`)
  return value
}

export function optionalMember(est: Json, name: string): Json | undefined {
  return isJsonObject(est) && Object.hasOwn(est, name) ? est[name] : undefined
}

export function textMember(est: Json, name: string): string {
  const value = member(est, name)
  if (typeof value !== 'string') throw malformed(`\`${name}\` is no string`)
  return value
}

export function listMember(est: Json, name: string): readonly Json[] {
  return asList(member(est, name))
}

export function asList(value: Json): readonly Json[] {
  if (!Array.isArray(value)) throw malformed('a list is missing')
  return value as readonly Json[]
}

/** The operator and body of an expression: `{"&&": {left, right}}`. */
export function operatorOf(est: Json): readonly [string, Json] {
  const entries = isJsonObject(est) ? Object.entries(est) : []
  const [entry] = entries
  if (entry === undefined || entries.length !== 1) throw malformed('an expression has not one operator')
  return entry
}

/** `{type, id}`, bare or under `__entity`. */
export function entityFromEst(est: Json): EntityUid {
  const uid = optionalMember(est, '__entity') ?? est
  return new EntityUid(textMember(uid, 'type'), textMember(uid, 'id'))
}

/** Whether one of these strings stands anywhere in it, as an attribute or a literal. */
export function mentions(est: Json, words: readonly Json[]): boolean {
  if (typeof est !== 'object' || est === null) return words.includes(est)
  return Object.values(est).some((value) => mentions(value, words))
}

/** Whether it looks at more of the resource than its labels and its type. */
export function looksAtResource(est: Json): boolean {
  if (typeof est !== 'object' || est === null) return false
  if (Array.isArray(est)) return est.some(looksAtResource)
  return Object.entries(est).some(([operator, operand]) => {
    if (operator === 'Var') return operand === 'resource'
    return !isHarmless(operator, operand) && looksAtResource(operand)
  })
}

/** `resource.labels`, `resource has labels`, `resource is File`. */
function isHarmless(operator: string, operand: Json): boolean {
  if (!isJsonObject(operand) || !isResource(operand['left'])) return false
  if (operator === 'is') return operand['in'] === undefined
  return (operator === '.' || operator === 'has') && operand['attr'] === 'labels'
}

function isResource(est: Json | undefined): boolean {
  return est !== undefined && isJsonObject(est) && est['Var'] === 'resource'
}

/** `@name("value")` of a policy; a name without a value has `''`. */
export function annotationsOf(est: Est): ReadonlyMap<string, string> {
  const annotations = optionalMember(est, 'annotations')
  if (annotations === undefined || !isJsonObject(annotations)) return new Map()
  return new Map(
    Object.entries(annotations).map(([name, value]) => [name, typeof value === 'string' ? value : '']),
  )
}

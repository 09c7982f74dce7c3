import { RemitError } from '../core/errors.ts'
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts'

/** Authorization API 1.0 §5.1, §5.2: a subject or a resource. */
export interface Entity {
  readonly type: string
  readonly id: string
  /** Absent = none. */
  readonly properties?: JsonObject
}

/** §5.3 */
export interface AskedAction {
  readonly name: string
  readonly properties?: JsonObject
}

/** §6.1: may the subject do this to the resource? */
export interface Evaluation {
  readonly subject: Entity
  readonly action: AskedAction
  readonly resource: Entity
  readonly context?: JsonObject
}

/** Longest name of an action, type or id, in UTF-16 code units: paths and commands are ids. */
const MOST_NAME = 256
const MOST_ID = 65_536

/** §6.1; what it does not name is ignored. @throws RemitError `request_invalid`. */
export function readEvaluation(members: JsonObject): Evaluation {
  const { context } = members
  return {
    subject: readEntity(members['subject'], 'subject'),
    action: readAction(members['action']),
    resource: readEntity(members['resource'], 'resource'),
    ...(context === undefined ? {} : { context: objectAt(context, 'context') }),
  }
}

/** Members that stand for those which an evaluation leaves out (§7.1.1). @throws RemitError `request_invalid`. */
export function checkDefaults({ subject, action, resource, context }: JsonObject): void {
  if (subject !== undefined) readEntity(subject, 'subject')
  if (action !== undefined) readAction(action)
  if (resource !== undefined) readEntity(resource, 'resource')
  if (context !== undefined) objectAt(context, 'context')
}

export function objectAt(value: Json | undefined, where: string): JsonObject {
  if (isJsonObject(value)) return value
  throw new RemitError('request_invalid', `\`${where}\` must be an object${missing(value)}`)
}

function readEntity(value: Json | undefined, where: string): Entity {
  const entity = objectAt(value, where)
  return {
    type: textAt(entity['type'], `${where}.type`, MOST_NAME),
    id: textAt(entity['id'], `${where}.id`, MOST_ID),
    ...readProperties(entity, where),
  }
}

function readAction(value: Json | undefined): AskedAction {
  const action = objectAt(value, 'action')
  return { name: textAt(action['name'], 'action.name', MOST_NAME), ...readProperties(action, 'action') }
}

function readProperties(owner: JsonObject, where: string): { readonly properties?: JsonObject } {
  const { properties } = owner
  return properties === undefined ? {} : { properties: objectAt(properties, `${where}.properties`) }
}

function textAt(value: Json | undefined, where: string, most: number): string {
  if (typeof value === 'string' && value !== '' && value.length <= most) return value
  throw new RemitError(
    'request_invalid',
    `\`${where}\` must be a text of 1 to ${most} characters${missing(value)}`,
  )
}

function missing(value: Json | undefined): string {
  return value === undefined ? ' and is missing' : ''
}

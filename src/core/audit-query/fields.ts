import { ACTIONS } from '../actions.ts'
import { ENVIRONMENTS } from '../identity.ts'
import { LABELS } from '../labels.ts'
import { RECORD_KINDS } from '../record.ts'
import { RESOURCE_TYPES } from '../resource.ts'

export interface QueryField {
  readonly says: string
  /** All the values that it can have; absent = any text. */
  readonly values?: readonly string[]
  /** Read from the part of a record that can be erased, and that only auditors and the record’s own human see. */
  readonly erasable?: true
  /** Has so many values that a pattern must begin with a few letters of what is looked for. */
  readonly open?: true
}

/** What an audit query can ask for by words, and what each means. docs/audit.md has the same table; a test keeps them equal. */
export const QUERY_FIELDS = {
  kind: { says: 'kind of record', values: RECORD_KINDS },
  id: { says: 'id of the decision, approval, task or whatever the record is about', open: true },
  who: { says: 'anybody in it: human, actor, agent or approver', open: true },
  human: { says: 'whose task it was, or who did it where there is no task' },
  actor: { says: 'who or what caused an administrative record' },
  agent: { says: 'the agent’s id', open: true },
  approver: { says: 'who agreed or refused, or for whom somebody did' },
  server: { says: 'server of the call' },
  tool: { says: 'tool of the call, alone or as `server/tool`' },
  action: { says: 'action of an operation', values: Object.keys(ACTIONS) },
  type: { says: 'type of what an operation is about', values: RESOURCE_TYPES },
  resource: { says: 'what an operation is about: path, URL, repository, host …', erasable: true, open: true },
  environment: { says: 'where the agent ran', values: ENVIRONMENTS },
  door: { says: 'the way on which the call came' },
  decision: { says: 'what was decided', values: ['allow', 'consent', 'deny'] },
  observed: {
    says: 'what rules that are only observed would have decided',
    values: ['allow', 'consent', 'deny'],
  },
  rule: { says: 'policy that had a say in it, also one that is only observed' },
  label: { says: 'label of an operation', values: Object.keys(LABELS) },
  task: { says: 'the task that acted', open: true },
  root: { says: 'the task at the root of its tree', open: true },
  under: { says: 'the task, or a task above it', open: true },
  workflow: { says: 'workflow of the task' },
  use: { says: 'the agent’s own id of this use of a tool, which its hook and its call share', open: true },
  outcome: { says: 'how a call ended', values: ['ok', 'error', 'cancelled', 'unknown'] },
} as const satisfies Readonly<Record<string, QueryField>>

export type FieldName = keyof typeof QUERY_FIELDS

export const FIELD_NAMES = Object.keys(QUERY_FIELDS) as readonly FieldName[]

export function fieldOf(name: FieldName): QueryField {
  return QUERY_FIELDS[name]
}

export function isField(name: string): name is FieldName {
  return Object.hasOwn(QUERY_FIELDS, name)
}

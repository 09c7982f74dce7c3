import type { Action } from '../../core/actions.ts'
import type { Json, JsonObject } from '../../core/json.ts'
import { isPure } from './functions.ts'

/** What a statement does to a table, or to the database where it names none. */
export interface SqlEffect {
  readonly action: Action
  readonly table?: string
  readonly opaque: boolean
}

const MAX_EFFECTS = 200

/** Statements that change what is there, and those that change who may: by the name of their node in the tree. */
const ADMINISTER =
  /^(?:Grant|GrantRole|AlterDefaultPrivileges|CreateRole|AlterRole|AlterRoleSet|DropRole|ReassignOwned|DropOwned|AlterOwner|CreatePolicy|AlterPolicy|AlterSystem|AlterDatabaseSet|SecLabel|CreateUserMapping|AlterUserMapping|DropUserMapping)Stmt$/
const EXECUTE =
  /^(?:Do|Call|Execute|Prepare|Load|CreateFunction|AlterFunction|CreatePLang|CreateTrig|CreateEventTrig|AlterEventTrig|CreateExtension|AlterExtension|CreateForeignServer|CreateFdw|AlterFdw|CreateSubscription|AlterSubscription|CreatePublication|Rule|Notify|Transaction|DeclareCursor|Fetch|ClosePortal|Checkpoint|Discard)Stmt$/
const DEFINE =
  /^(?:Create|CreateTableAs|CreateSchema|CreateSeq|CreateEnum|CreateDomain|CreateStats|CreateRange|CreateCast|CreateConversion|CreateOpClass|CreateOpFamily|CreateAm|Createdb|CreateTableSpace|CreateForeignTable|ImportForeignSchema|CompositeType|Define|Index|View|RefreshMatView|Comment|Cluster|Reindex|Drop|Dropdb|DropTableSpace|Rename|Alter[A-Za-z]*|Lock|Constraints)Stmt$/
const QUIET = /^(?:VariableShow|Vacuum|Listen|Unlisten|Explain)Stmt$/

/** Everything that one statement does, calls of functions and statements inside it included. */
export function statementEffects(statement: JsonObject): readonly SqlEffect[] {
  const effects: SqlEffect[] = []
  const names = new Set<string>()
  const open: { readonly value: Json; readonly key: string }[] = [{ value: statement, key: '' }]
  // Names of WITH queries are no tables; they are gathered first, since they may be used before they are met.
  gatherNames(statement, names)
  while (open.length > 0 && effects.length < MAX_EFFECTS) {
    const next = open.pop()
    if (next === undefined) break
    const { value, key } = next
    if (Array.isArray(value)) {
      for (const item of value as readonly Json[]) open.push({ value: item, key: '' })
    } else if (typeof value === 'object' && value !== null) {
      const node = value as JsonObject
      if (key !== '') effects.push(...nodeEffects(key, node, names))
      for (const [name, member] of Object.entries(node)) open.push({ value: member ?? null, key: name })
    }
  }
  if (effects.length >= MAX_EFFECTS) effects.push(EXECUTES)
  return effects.length === 0 ? [{ action: 'sql.read', opaque: false }] : effects
}

const EXECUTES: SqlEffect = { action: 'sql.execute', opaque: true }

function nodeEffects(kind: string, node: JsonObject, names: ReadonlySet<string>): readonly SqlEffect[] {
  switch (kind) {
    case 'SelectStmt':
      return node['intoClause'] === undefined ? [] : [on('sql.define', undefined)]
    case 'RangeVar':
      return names.has(relationOf(node) ?? '') ? [] : [on('sql.read', node)]
    case 'InsertStmt':
    case 'UpdateStmt':
      return [on('sql.write', member(node, 'relation'))]
    case 'DeleteStmt':
      return [on('sql.delete', member(node, 'relation'))]
    case 'MergeStmt':
      return [on('sql.write', member(node, 'relation')), on('sql.delete', member(node, 'relation'))]
    case 'TruncateStmt':
      return relations(node['relations']).map((relation) => on('sql.delete', relation))
    case 'CopyStmt':
      return copyEffects(node)
    case 'VariableSetStmt':
      return variableEffects(node)
    case 'FuncCall':
      return isPure(strings(node['funcname'])) ? [] : [EXECUTES]
    default:
      return otherEffects(kind, node)
  }
}

function otherEffects(kind: string, node: JsonObject): readonly SqlEffect[] {
  if (!/^[A-Z].*Stmt$/.test(kind) || QUIET.test(kind)) return []
  if (ADMINISTER.test(kind)) return [{ action: 'sql.administer', opaque: false }]
  if (EXECUTE.test(kind)) return [EXECUTES]
  if (!DEFINE.test(kind)) return [EXECUTES]
  const dropped = relations(node['objects']).length === 0 ? droppedNames(node) : []
  if (dropped.length > 0) return dropped.map((table) => ({ action: 'sql.define', table, opaque: false }))
  return [on('sql.define', member(node, 'relation'))]
}

/** A file or program of the server is not the database’s own data. */
function copyEffects(node: JsonObject): readonly SqlEffect[] {
  if (node['is_program'] === true || node['filename'] !== undefined) return [EXECUTES]
  return [on(node['is_from'] === true ? 'sql.write' : 'sql.read', member(node, 'relation'))]
}

/** Whom the session acts as, and what guards it, are settings too. */
function variableEffects(node: JsonObject): readonly SqlEffect[] {
  const name = typeof node['name'] === 'string' ? node['name'].toLowerCase() : ''
  const harmless =
    /^(?:statement_timeout|lock_timeout|timezone|datestyle|client_encoding|application_name|work_mem)$/
  return harmless.test(name) ? [] : [{ action: 'sql.administer', opaque: false }]
}

function on(action: Action, relation: JsonObject | undefined): SqlEffect {
  const table = relation === undefined ? undefined : relationOf(relation)
  return table === undefined ? { action, opaque: false } : { action, table, opaque: false }
}

function relationOf(node: JsonObject): string | undefined {
  const parts = [node['catalogname'], node['schemaname'], node['relname']]
  const named = parts.filter((part): part is string => typeof part === 'string' && part !== '')
  return named.length === 0 ? undefined : named.join('.')
}

function relations(value: Json | undefined): readonly JsonObject[] {
  if (!Array.isArray(value)) return []
  return (value as readonly Json[]).flatMap((item) => {
    const relation = member(item, 'RangeVar')
    return relation === undefined ? [] : [relation]
  })
}

function droppedNames(node: JsonObject): readonly string[] {
  const objects = node['objects']
  if (!Array.isArray(objects)) return []
  return (objects as readonly Json[]).flatMap((item) => {
    const parts = strings(member(item, 'List')?.['items'])
    return parts.length === 0 ? [] : [parts.join('.')]
  })
}

/** The texts of a list of String nodes. */
function strings(value: Json | undefined): readonly string[] {
  if (!Array.isArray(value)) return []
  return (value as readonly Json[]).flatMap((item) => {
    const text = member(item, 'String')?.['sval']
    return typeof text === 'string' ? text : []
  })
}

function member(value: Json | undefined, name: string): JsonObject | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const found = (value as JsonObject)[name]
  return typeof found === 'object' && found !== null && !Array.isArray(found)
    ? (found as JsonObject)
    : undefined
}

function gatherNames(statement: JsonObject, names: Set<string>): void {
  const open: Json[] = [statement]
  while (open.length > 0) {
    const value = open.pop()
    if (typeof value !== 'object' || value === null) continue
    const name = member(value, 'CommonTableExpr')?.['ctename']
    if (typeof name === 'string') names.add(name)
    for (const item of Object.values(value)) if (typeof item === 'object' && item !== null) open.push(item)
  }
}

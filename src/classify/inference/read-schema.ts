import type { Json, JsonObject } from '../../core/json.ts'
import { PATH_NAME } from './kind-of-argument.ts'
import { deedsOf, splitWords, type Deed } from './words.ts'

/** What the arguments that a tool takes say of it. */
export interface SchemaSigns {
  /** Takes content to be kept or sent. */
  readonly content: boolean
  /** Takes something to run. */
  readonly command: boolean
  readonly recipient: boolean
  /** Takes text of a query language, if the tool is about one. */
  readonly query: 'sql' | 'perhaps' | undefined
  readonly url: boolean
  readonly path: boolean
  readonly amount: boolean
  /** A switch that makes what it does final, or lets it run over what is there: the name of the first. */
  readonly ruthless: string | undefined
  /** Deeds that a choice of methods offers. */
  readonly methods: ReadonlySet<Deed>
}

const CONTENT =
  /^(?:content|contents|body|payload|html|markdown|attachments?|new_?(?:content|text|value|name|string|str|title|state)|replacement|manifest|commit_?message|password|secret|values?|patch|file_?data|edits?|changes|mutation|labels_to_add|properties_to_update)$/i
const COMMAND =
  /^(?:command|commands|cmd|argv|bash|shell|script|scripts|exec|code|source_?code|javascript|js|python|expression|function|snippet|program)$/i
const RECIPIENT =
  /^(?:to|cc|bcc|recipients?|to_?(?:address|email|user|addresses)|send_?to|participants|attendees|invitees|phone_?numbers?|chat_?id)$/i
const SQL = /^(?:sql|sql_?(?:query|text|statement|string|script)|statements?|cypher|ddl)$/i
const QUERY = /^(?:query|queries|q|raw_?query)$/i
const ADDRESS = /^(?:url|urls|uri|link|endpoint|webhook_?url)$/i
const AMOUNT = /^(?:amount|amount_?cents|price|total_?price|quantity_to_buy|currency)$/i
const RUTHLESS =
  /^(?:force|forced|permanent(?:ly)?|purge(?:_\w+)?|hard_?delete|overwrite(?:_\w+)?|cascade|skip_?trash|bypass_?trash|(?:delete|remove|discard|wipe|prune|destroy)_\w+|confirm_?(?:delete|deletion|destroy))$/i
const METHOD = /^(?:method|action|operation|op|mode|command|event|task|do)$/i

/** @param schema JSON Schema of the arguments; only `properties` and their `enum`s are read. */
export function readSchema(schema: JsonObject | undefined): SchemaSigns {
  const properties = Object.entries(asObject(schema?.['properties']) ?? {}).slice(0, 200)
  const methods = new Set<Deed>()
  for (const [name, property] of properties) {
    if (!METHOD.test(name)) continue
    const choices = asObject(property)?.['enum']
    for (const choice of Array.isArray(choices) ? (choices as readonly Json[]).slice(0, 100) : []) {
      if (typeof choice !== 'string') continue
      const words = splitWords(choice)
      // A choice leads with its verb: `get_workflow_run` is no run.
      for (const deed of deedsOf(words[0] ?? '')) methods.add(deed)
    }
  }
  const has = (pattern: RegExp) => properties.some(([name]) => pattern.test(name))
  return {
    content: has(CONTENT),
    command: properties.some(([name, property]) => COMMAND.test(name) && !isChoice(property)),
    recipient: has(RECIPIENT),
    amount: has(AMOUNT),
    query: has(SQL) ? 'sql' : has(QUERY) ? 'perhaps' : undefined,
    url: has(ADDRESS),
    path: has(PATH_NAME),
    ruthless: properties.map(([name]) => name).find((name) => RUTHLESS.test(name)),
    methods,
  }
}

function isChoice(property: Json | undefined): boolean {
  const object = asObject(property)
  const type = object?.['type']
  return object?.['enum'] !== undefined || type === 'boolean' || type === 'number' || type === 'integer'
}

function asObject(value: Json | undefined): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : undefined
}

import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts'
import type { Findings } from './draft.ts'

/** What a person says for what a registry's file leaves open, by name. */
export type GivenValues = Readonly<Record<string, string>>

/** `KeyValueInput` and `Argument` of https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json */
export interface OpenValue {
  readonly name: string
  /** With every variable in its place; undefined = nobody says it. */
  readonly text: string | undefined
  readonly secret: boolean
  readonly required: boolean
}

export function readValue(name: string, raw: JsonObject, given: GivenValues): OpenValue {
  const said = given[name] ?? textOf(raw['value']) ?? textOf(raw['default'])
  const variables = isJsonObject(raw['variables']) ? raw['variables'] : {}
  const filled = said === undefined ? undefined : fill(said, variables, given)
  return {
    name,
    text: filled?.text,
    secret: raw['isSecret'] === true || filled?.secret === true,
    required: raw['isRequired'] === true,
  }
}

/** `{name}` becomes the variable's value; of a secret, `${name}` for the secret that will stand there. */
function fill(
  text: string,
  variables: JsonObject,
  given: GivenValues,
): { readonly text: string | undefined; readonly secret: boolean } {
  let open = false
  let secret = false
  const filled = text.replaceAll(/\{([\w.-]+)\}/g, (whole, name: string) => {
    const variable = Object.hasOwn(variables, name) ? variables[name] : undefined
    if (!isJsonObject(variable)) return given[name] ?? whole
    if (variable['isSecret'] === true) {
      secret = true
      return `\${${name}}`
    }
    const value = given[name] ?? textOf(variable['value']) ?? textOf(variable['default'])
    if (value === undefined) open = true
    return value ?? whole
  })
  return { text: open ? undefined : filled, secret }
}

/** Arguments as words of a command line. */
export function wordsOf(
  list: Json | undefined,
  { given, findings }: { readonly given: GivenValues; readonly findings: Findings },
): readonly string[] {
  return objectsOf(list).flatMap((raw) => {
    const flag = raw['type'] === 'named' ? textOf(raw['name']) : undefined
    const name = flag ?? textOf(raw['valueHint']) ?? 'an argument'
    const { text, secret, required } = readValue(name, raw, given)
    if (secret) {
      findings.problems.push(
        `\`${name}\` is a secret in an argument, and secrets go into \`env\` or \`headers\` only`,
      )
      return []
    }
    if (text === undefined) {
      if (required) findings.problems.push(openText(name))
      else findings.notes.push(`\`${name}\` is left out: nothing says its value`)
      return []
    }
    return flag === undefined ? [text] : text === '' ? [flag] : [flag, text]
  })
}

export function openText(name: string): string {
  return `\`${name}\` needs a value: give --set '${name}=…'`
}

export function objectsOf(list: Json | undefined): readonly JsonObject[] {
  return Array.isArray(list) ? (list as readonly Json[]).filter(isJsonObject) : []
}

export function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined
}

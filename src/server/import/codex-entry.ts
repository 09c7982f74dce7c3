import { isJsonObject, type Json } from '../../core/json.ts'

/** What the bearer token, header or environment of a server is called where it comes from. */
const NAME = /^\w[\w.-]*$/

export interface CodexEntry {
  /** As the entry would be in `mcpServers`; what has no counterpart stays, to be told of. */
  readonly asClients: Json
  readonly problems: readonly string[]
}

/** An entry of Codex’s `mcp_servers`, with what it names of the environment as `${NAME}`. */
export function codexInCommonWords(entry: Json): CodexEntry {
  if (!isJsonObject(entry)) return { asClients: entry, problems: [] }
  const {
    bearer_token_env_var: bearer,
    env_http_headers: fromEnvironment,
    http_headers: fixed,
    env_vars: passed,
    enabled,
    ...rest
  } = entry
  const problems: string[] = []
  const variable = (field: string, value: Json): string => {
    if (typeof value === 'string' && NAME.test(value)) return `\${${value}}`
    problems.push(`\`${field}\` must name variables of the environment`)
    return ''
  }
  const headers = { ...record(fixed), ...named('env_http_headers', fromEnvironment, variable) }
  if (bearer !== undefined) headers['Authorization'] = `Bearer ${variable('bearer_token_env_var', bearer)}`
  const names = passed === undefined ? [] : Array.isArray(passed) ? (passed as readonly Json[]) : [passed]
  const env = Object.fromEntries(
    names.map((name) => [typeof name === 'string' ? name : '', variable('env_vars', name)]),
  )
  if (fixed !== undefined && !isJsonObject(fixed)) problems.push('`http_headers` must be a table of texts')
  return {
    asClients: {
      ...rest,
      ...(Object.keys(headers).length === 0 ? {} : { headers }),
      ...(names.length === 0 ? {} : { env: { ...env, ...record(rest['env']) } }),
      ...(enabled === false ? { disabled: true } : {}),
    },
    problems,
  }
}

function named(
  field: string,
  table: Json | undefined,
  variable: (field: string, value: Json) => string,
): Record<string, Json> {
  return Object.fromEntries(
    Object.entries(record(table)).map(([name, value]) => [name, variable(field, value)]),
  )
}

function record(value: Json | undefined): Record<string, Json> {
  return value !== undefined && isJsonObject(value) ? { ...value } : {}
}

import { RemitError } from '../../core/errors.ts'
import { isJsonObject, type Json } from '../../core/json.ts'
import type { SecretScanner } from '../../classify/secrets/secret-scanner.ts'
import type { Draft, ImportOptions } from './draft.ts'
import { readClientEntry } from './read-client-entry.ts'
import { placeInToml, readTomlText } from './read-toml-text.ts'

/** What the bearer token, header or environment of a server is called where it comes from. */
const NAME = /^\w[\w.-]*$/

/**
 * The servers of Codex's `config.toml` (https://developers.openai.com/codex/config-reference): `[mcp_servers.name]`. What is
 * wrong is told with its place.
 * @throws RemitError `config_invalid` for a file that is no TOML, or has no servers.
 */
export function readCodexServers(
  name: string,
  text: string,
  options: ImportOptions & { readonly scanner: SecretScanner },
): readonly Draft[] {
  const { mcp_servers: servers } = readTomlText(name, text)
  if (servers === undefined || !isJsonObject(servers)) {
    throw new RemitError('config_invalid', `\`${name}\` has no \`[mcp_servers.<name>]\``)
  }
  return Object.entries(servers).map(([from, entry]) => {
    const { asClients, problems } = translated(entry)
    const draft = readClientEntry(from, asClients, options)
    const placed = [...problems, ...draft.problems].map((problem) => {
      const field = CALLED_HERE.get(fieldOf(problem) ?? '') ?? fieldOf(problem)
      const place = placeInToml(text, ['mcp_servers', from], field)
      return place === undefined ? problem : `${name}:${place}: ${problem}`
    })
    return { ...draft, problems: placed }
  })
}

/** The first word in back-ticks, without an index. */
function fieldOf(problem: string): string | undefined {
  return /^`([\w-]+)(?:[.[][^`]*)?`/.exec(problem)?.[1]
}

/** Words of messages that Codex's file has other words for. */
const CALLED_HERE: ReadonlyMap<string, string> = new Map([
  ['headers', 'http_headers'],
  ['disabled', 'enabled'],
])

interface Translated {
  /** As the entry would be in `mcpServers`; what has no counterpart stays, to be told of. */
  readonly asClients: Json
  readonly problems: readonly string[]
}

function translated(entry: Json): Translated {
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

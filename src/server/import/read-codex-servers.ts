import { RemitError } from '../../core/errors.ts'
import { isJsonObject } from '../../core/json.ts'
import type { SecretScanner } from '../../classify/secrets/secret-scanner.ts'
import { codexInCommonWords } from './codex-entry.ts'
import type { Draft, ImportOptions } from './draft.ts'
import { readClientEntry } from './read-client-entry.ts'
import { placeInToml, readTomlText } from './read-toml-text.ts'

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
    const { asClients, problems } = codexInCommonWords(entry)
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

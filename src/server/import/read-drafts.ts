import { RemitError } from '../../core/errors.ts'
import { isJsonObject, type JsonObject } from '../../core/json.ts'
import { createScanner } from '../create-scanner.ts'
import type { Draft, ImportOptions } from './draft.ts'
import { readClientEntry } from './read-client-entry.ts'
import { readCodexServers } from './read-codex-servers.ts'
import { readJsonText } from './read-json-text.ts'
import { readRegistryEntry } from './read-registry-entry.ts'
import { looksLikeToml } from './read-toml-text.ts'
import type { GivenValues } from './registry-values.ts'

/**
 * The servers of a file: `mcpServers` (Claude Code, also in its `projects`; Claude Desktop; Cursor), `servers` (VS Code),
 * Codex's `config.toml`, or a `server.json` of the official registry.
 * @throws RemitError `config_invalid` for a file that is none of these.
 */
export function readDrafts(
  name: string,
  text: string,
  options: ImportOptions & { readonly given: GivenValues },
): readonly Draft[] {
  const scanner = createScanner()
  if (looksLikeToml(name, text)) return marked(readCodexServers(name, text, { ...options, scanner }))
  const root = readJsonText(name, text)
  const registered = registryEntry(root)
  if (registered !== undefined) return marked([readRegistryEntry(registered, { ...options, scanner })])
  const lists = clientLists(root)
  if (lists.length === 0) {
    throw new RemitError(
      'config_invalid',
      `\`${name}\` has no \`mcpServers\`, no \`servers\` and is no \`server.json\` of the registry`,
    )
  }
  const entries = lists.flatMap((list) => Object.entries(list))
  return marked(entries.map(([from, entry]) => readClientEntry(from, entry, { ...options, scanner })))
}

/** As it is published, or as the registry answers it. */
function registryEntry(root: JsonObject): JsonObject | undefined {
  const { server } = root
  const entry = isJsonObject(server ?? null) ? (server as JsonObject) : root
  const offers = Array.isArray(entry['packages']) || Array.isArray(entry['remotes'])
  return offers && typeof entry['name'] === 'string' ? entry : undefined
}

function clientLists(root: JsonObject): readonly JsonObject[] {
  const { projects, mcp } = root
  const inProjects = isJsonObject(projects ?? null) ? Object.values(projects as JsonObject) : []
  const places = [
    root,
    ...(isJsonObject(mcp ?? null) ? [mcp as JsonObject] : []),
    ...inProjects.filter(isJsonObject),
  ]
  return places.flatMap(({ mcpServers, servers }) =>
    [mcpServers, servers].flatMap((list) => (isJsonObject(list ?? null) ? [list as JsonObject] : [])),
  )
}

/** Names that become no key, or one key twice, are for a human to change. */
function marked(drafts: readonly Draft[]): readonly Draft[] {
  return drafts.map((draft, at) => {
    const twin = drafts.slice(0, at).find(({ key }) => key === draft.key)
    const problem =
      draft.key === ''
        ? ['has no letter or digit in its name, so that no key can be made of it']
        : twin === undefined
          ? []
          : [`would be \`${draft.key}\`, as \`${twin.from}\` is; rename one of them`]
    return { ...draft, problems: [...draft.problems, ...problem] }
  })
}

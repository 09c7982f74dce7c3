import { isDeepStrictEqual } from 'node:util'
import type { SecretScanner } from '../../classify/secrets/secret-scanner.ts'
import { isJsonObject, type Json } from '../../core/json.ts'
import { GATEWAY_NAME } from '../agents/agent-configuration.ts'
import type { Config } from '../config-schema.ts'
import type { WrittenServer } from '../edit-servers.ts'
import type { Draft, HiddenValue } from '../import/draft.ts'
import { readClientEntry } from '../import/read-client-entry.ts'
import type { Environ } from '../load-config.ts'
import type { ServerPastGateway } from './find-servers.ts'

/** What the gateway has already, and how servers are taken. */
export interface MoveRules {
  readonly known: Config['servers']
  /** Secrets of its store, and whether a server of it uses them. */
  readonly stored: ReadonlyMap<string, { readonly used: boolean }>
  readonly environ: Environ
  readonly scanner: SecretScanner
  readonly allowUnpinned: boolean
}

/** One server on its way behind the gateway, from as many files as have it. */
export interface MovedServer {
  readonly key: string
  readonly server: WrittenServer
  readonly from: readonly ServerPastGateway[]
  /** By name. */
  readonly secrets: readonly string[]
  /** The gateway has it, as it is here. */
  readonly isKnown: boolean
}

export interface Moving {
  readonly moved: readonly MovedServer[]
  /** Values to put into the store, by name. Never shown. */
  readonly values: ReadonlyMap<string, string>
  /** Servers that have to stay, and why. */
  readonly bad: readonly { readonly server: ServerPastGateway; readonly problems: readonly string[] }[]
}

/** Decides for each server what becomes of it. */
export function moveServers(servers: readonly ServerPastGateway[], rules: MoveRules): Moving {
  const moved = new Map<string, MovedServer & { readonly hidden: readonly HiddenValue[] }>()
  const values = new Map<string, string>()
  const bad: { server: ServerPastGateway; problems: readonly string[] }[] = []
  for (const server of servers) {
    const hidden: HiddenValue[] = []
    const draft = draftOf(server, rules, hidden)
    const twin = moved.get(draft.key)
    const isKnown = Object.hasOwn(rules.known, draft.key)
    const wanted = isKnown ? new Map<string, string>() : valuesOf(hidden, rules)
    const problems = [
      ...draft.problems,
      ...(server.name === GATEWAY_NAME ? ['has the name of the gateway itself; give it another'] : []),
      ...(isKnown ? otherThanKnown(draft, rules) : missing(hidden, wanted, rules)),
      ...(twin === undefined ? [] : otherThanTwin({ draft, hidden }, twin)),
    ]
    if (problems.length > 0) {
      bad.push({ server, problems })
      continue
    }
    for (const [name, value] of wanted) values.set(name, value)
    const from = [...(twin?.from ?? []), server]
    moved.set(draft.key, {
      key: draft.key,
      server: draft.server,
      from,
      secrets: draft.secrets,
      isKnown,
      hidden,
    })
  }
  return { moved: [...moved.values()].map(({ hidden: _hidden, ...each }) => each), values, bad }
}

function draftOf(
  { name, entry, folder }: ServerPastGateway,
  { scanner, allowUnpinned }: MoveRules,
  hidden: HiddenValue[],
): Draft {
  const draft = readClientEntry(name, entry, { allowUnpinned, scanner, hidden: (each) => hidden.push(each) })
  const isProgram = isJsonObject(entry) && typeof entry['command'] === 'string'
  const key = draft.key === '' ? { problems: [...draft.problems, 'has no letter or digit in its name'] } : {}
  if (!isProgram || folder === undefined || draft.server['cwd'] !== undefined) return { ...draft, ...key }
  return { ...draft, ...key, server: { ...draft.server, cwd: folder } }
}

/** Those that are at hand: in the file itself, or in a variable that it names. */
function valuesOf(
  hidden: readonly HiddenValue[],
  { stored, environ }: MoveRules,
): ReadonlyMap<string, string> {
  return new Map(
    hidden.flatMap(({ name, value, variable }) => {
      if (stored.get(name)?.used === true) return []
      const found = (variable === undefined ? undefined : environ[variable]) || value
      return found === undefined || found === '' ? [] : [[name, found]]
    }),
  )
}

function missing(
  hidden: readonly HiddenValue[],
  values: ReadonlyMap<string, string>,
  { stored }: MoveRules,
): readonly string[] {
  return hidden
    .filter(({ name }) => !values.has(name) && !stored.has(name))
    .map(({ name, variable }) => {
      const what =
        variable === undefined ? 'has an empty secret' : `needs \`${variable}\`, which is not set here`
      return `${what}; run \`remit secrets set ${name}\` first`
    })
}

const COMPARED = ['command', 'args', 'env', 'cwd', 'url', 'headers'] as const

function otherThanKnown({ key, server }: Draft, { known }: MoveRules): readonly string[] {
  const there = known[key] ?? {}
  const differing = COMPARED.filter(
    (field) => !isDeepStrictEqual(valueIn(there, field), valueIn(server, field)),
  )
  if (differing.length === 0) return []
  const fields = differing.map((field) => `\`${field}\``).join(', ')
  return [`the gateway has another server \`${key}\` (differs in ${fields}); rename this one, or take it out`]
}

function otherThanTwin(
  { draft, hidden }: { readonly draft: Draft; readonly hidden: readonly HiddenValue[] },
  twin: MovedServer & { readonly hidden: readonly HiddenValue[] },
): readonly string[] {
  if (isDeepStrictEqual(draft.server, twin.server) && isDeepStrictEqual(hidden, twin.hidden)) return []
  return [`would be \`${twin.key}\`, as another one is (${twin.from[0]?.place ?? ''}); rename one of them`]
}

/** What is empty is as good as absent. */
function valueIn(server: object, field: string): Json | undefined {
  const value = (server as Readonly<Record<string, Json | undefined>>)[field]
  return value === undefined ||
    (typeof value === 'object' && value !== null && Object.keys(value).length === 0)
    ? undefined
    : value
}

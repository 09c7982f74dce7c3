import { join } from 'node:path'
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts'
import type { AgentConfiguration, ItemPart, ServersPart } from './agent-configuration.ts'
import { managedFolder } from './agent-surroundings.ts'

/** https://opencode.ai/docs/config, /docs/mcp-servers, /docs/plugins; seen in 1.18.33. */
export const OPENCODE: AgentConfiguration = {
  agent: 'opencode',
  title: 'opencode',
  programs: ['opencode'],
  folders: ({ home, environ }) => [join(environ['XDG_CONFIG_HOME'] || join(home, '.config'), 'opencode')],
  files: (at) => {
    const user = join(at.environ['XDG_CONFIG_HOME'] || join(at.home, '.config'), 'opencode')
    const managed = managedFolder(at, { linux: 'opencode', mac: 'opencode', windows: 'opencode' })
    const everything = { format: 'json', parts: [SERVERS, PLUGIN] } as const
    const servers = { format: 'json', parts: [READ_ONLY] } as const
    const [ofUser, ofProject] = [join(user, 'opencode.json'), join(at.project, 'opencode.json')]
    return [
      { path: ofUser, level: 'user', ...everything },
      { path: `${ofUser}c`, level: 'user', insteadOf: ofUser, ...everything },
      { path: join(user, 'config.json'), level: 'user', ...servers },
      { path: ofProject, level: 'project', ...everything },
      { path: `${ofProject}c`, level: 'project', insteadOf: ofProject, ...everything },
      { path: join(at.project, '.opencode', 'opencode.json'), level: 'project', ...servers },
      { path: join(at.project, '.opencode', 'opencode.jsonc'), level: 'project', ...servers },
      { path: join(managed, 'opencode.json'), level: 'managed', ...everything },
    ]
  },
  afterwards: ['its plugins are passed over with `opencode --pure`, and where one cannot be loaded'],
}

/** Of files that it reads beside the one in which the gateway stands. */
const READ_ONLY: ServersPart = { kind: 'servers', at: ['mcp'], inCommonWords }

/** What it waits for a server’s tools by default, five seconds, is short for a first login. */
const SERVERS: ServersPart = {
  ...READ_ONLY,
  gateway: ({ connect }) => ({ type: 'local', command: connect, enabled: true, timeout: 60_000 }),
}

const PLUGIN: ItemPart = { kind: 'item', at: ['plugin'], item: ({ plugin }) => plugin }

function inCommonWords(entry: Json): Json {
  if (!isJsonObject(entry)) return entry
  const { type: _type, enabled, environment, command, ...rest } = entry
  const [program, ...args] = Array.isArray(command)
    ? (command as readonly Json[])
    : command === undefined
      ? []
      : [command]
  return withDollars({
    ...rest,
    ...(program === undefined ? {} : { command: program }),
    ...(args.length === 0 ? {} : { args }),
    ...(environment === undefined ? {} : { env: environment }),
    ...(enabled === false ? { disabled: true } : {}),
  })
}

/** `{env:NAME}` is its way to write `${NAME}`; what is read from a file stays, and is refused as a placeholder. */
function withDollars(entry: JsonObject): Json {
  const text = JSON.stringify(entry)
    .replaceAll(/\{env:(\w+)\}/g, '$${$1}')
    .replaceAll(/\{file:[^"{}]*\}/g, '$$$&')
  return JSON.parse(text) as Json
}

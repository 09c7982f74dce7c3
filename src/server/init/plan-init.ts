import type { AgentSurroundings } from '../agents/agent-surroundings.ts'
import type { FoundAgent } from '../agents/find-agents.ts'
import type { GatewayCommands } from '../agents/gateway-commands.ts'
import { RemitError } from '../../core/errors.ts'
import { withServer } from '../edit-servers.ts'
import type { ServerFile } from '../server-file.ts'
import { type AgentFile, readAgentFiles } from './agent-files.ts'
import { findServers, type ServerPastGateway, type ServersOfFile } from './find-servers.ts'
import { copiedValues, gitWarnings, plainValues } from './init-warnings.ts'
import { type MovedServer, type MoveRules, moveServers, type Moving } from './move-servers.ts'
import { type FileChange, planFile } from './plan-file.ts'

export interface InitWish extends Omit<MoveRules, 'known'> {
  readonly agents: readonly FoundAgent[]
  readonly at: AgentSurroundings
  /** Where hooks and the gateway’s entry go. */
  readonly level: 'user' | 'project'
  /** Servers that cannot be moved stay where they are. */
  readonly skipBad: boolean
  readonly owner: string
  readonly trust: string
  readonly gateway: ServerFile
  readonly commandsOf: (agent: string) => GatewayCommands
}

/** What `remit init` is to do, before anything is done. */
export interface InitPlan {
  readonly changes: readonly FileChange[]
  readonly moved: readonly MovedServer[]
  readonly left: Moving['bad']
  /** What its human ought to know, and nothing of it is in the way. */
  readonly warnings: readonly string[]
  /** To be put into the gateway’s store, by name. Never shown. */
  readonly values: ReadonlyMap<string, string>
  /** The gateway’s own file; undefined = it stays. */
  readonly configuration?: {
    readonly before: string
    readonly after: string
    readonly added: readonly string[]
  }
}

/**
 * Looks at everything and changes nothing.
 * @throws RemitError `config_invalid` with one line for each thing that is in the way, each with its place.
 */
export function planInit(wish: InitWish): InitPlan {
  const { agents, at, level, skipBad, gateway } = wish
  const files = readAgentFiles(agents, at, level === 'user' ? ['user', 'project'] : ['project'])
  const found = new Map(files.map((file) => [file, findServers(file, at.project)]))
  const servers = [...found.values()].flatMap(({ past }) => past)
  const known = gateway.check(gateway.text).loaded.config.servers
  const moving = moveServers(servers, { ...wish, known })
  if (moving.bad.length > 0 && !skipBad) throw refusal(moving.bad)
  const gone = new Set(moving.moved.flatMap(({ from }) => from))
  const changes = files.flatMap((file) => {
    const isWritten = file.level === level && isChosen(file, files)
    const wanted = {
      gone: goneFrom(found.get(file), gone, isWritten),
      commandsOf: isWritten ? wish.commandsOf : undefined,
    }
    return planFile(file, wanted) ?? []
  })
  const added = moving.moved.filter(({ isKnown }) => !isKnown)
  return {
    changes,
    moved: moving.moved,
    left: moving.bad,
    values: moving.values,
    warnings: [
      ...plainValues(files, changes, moving.values),
      ...copiedValues(agents, at, moving.values),
      ...gitWarnings(changes, moving.moved, level),
    ],
    ...(added.length === 0 ? {} : { configuration: configurationWith(added, wish) }),
  }
}

function goneFrom(
  found: ServersOfFile | undefined,
  gone: ReadonlySet<ServerPastGateway>,
  isWritten: boolean,
): readonly (readonly string[])[] {
  const { past = [], gateways = [] } = found ?? {}
  // One under the right name is set anew, or stays as it is, where it is to stand.
  const others = gateways.filter((path) => path.at(-1) !== 'remit' && isWritten)
  return [...past.filter((server) => gone.has(server)).map(({ at }) => at), ...others]
}

/** Of two names of one file, the one that is there. */
function isChosen(file: AgentFile, files: readonly AgentFile[]): boolean {
  const has = (path: string): boolean => files.some((each) => each.path === path && each.text !== undefined)
  if (file.insteadOf !== undefined) return file.text !== undefined && !has(file.insteadOf)
  return (
    file.text !== undefined || !files.some((each) => each.insteadOf === file.path && each.text !== undefined)
  )
}

function configurationWith(
  added: readonly MovedServer[],
  { gateway, owner, trust }: InitWish,
): NonNullable<InitPlan['configuration']> {
  const { name, text } = gateway
  const after = added.reduce(
    (written, { key, server, from }) =>
      withServer({ name, text: written }, key, { ...server, trust, owner, purpose: purposeOf(from) }),
    text,
  )
  gateway.check(after)
  return { before: text, after, added: added.map(({ key }) => key) }
}

function purposeOf(from: readonly ServerPastGateway[]): string {
  const agents = [...new Set(from.flatMap(({ agents }) => agents))].join(', ')
  return `was \`${from[0]?.name ?? ''}\` of ${agents}`
}

function refusal(bad: Moving['bad']): RemitError {
  const lines = bad.flatMap(({ server: { name, place }, problems }) =>
    problems.map((problem) => `${place}: \`${name}\` ${problem}`),
  )
  return new RemitError(
    'config_invalid',
    `${lines.join('\n')}\nnothing was changed; --skip-bad leaves these where they are, and moves the others`,
  )
}

import { isAbsolute } from 'node:path'
import type { AgentSurroundings } from '../agents/agent-surroundings.ts'
import type { FoundAgent } from '../agents/find-agents.ts'
import type { GatewayCommands } from '../agents/gateway-commands.ts'
import { readAgentFiles } from './agent-files.ts'
import { findServers, type ServersOfFile } from './find-servers.ts'
import { type FileChange, planFile } from './plan-file.ts'
import type { InitPlan } from './plan-init.ts'
import { whoCanChange } from './who-can-change.ts'

export interface ManagedWish {
  readonly agents: readonly FoundAgent[]
  readonly at: AgentSurroundings
  readonly commandsOf: (agent: string) => GatewayCommands
}

/**
 * What administrators’ files are to be: what is in them stays, and nothing in them is opened but for the gateway.
 * @throws RemitError `config_invalid` for a file that cannot be read or edited.
 */
export function planManaged({ agents, at, commandsOf }: ManagedWish): InitPlan {
  const files = readAgentFiles(agents, at, ['managed'])
  const found = files.map((file) => ({ file, servers: findServers(file, at.project) }))
  const changes = found.flatMap(({ file, servers }) => {
    const gone = servers.gateways.filter((path) => path.at(-1) !== 'remit')
    return planFile(file, { gone, commandsOf }) ?? []
  })
  return {
    changes,
    moved: [],
    left: [],
    values: new Map(),
    warnings: [
      ...found.flatMap(({ servers }) => pastGateway(servers)),
      ...opened(changes),
      ...agents.flatMap(({ configuration }) => unguarded(commandsOf(configuration.agent))),
    ].filter((warning, index, all) => all.indexOf(warning) === index),
  }
}

function pastGateway({ past }: ServersOfFile): readonly string[] {
  return past.map(
    ({ name, place }) =>
      `${place}: \`${name}\` stays as it was set up for everybody, past the gateway; take it out, or put it into remit.yaml`,
  )
}

/** A list of what is allowed is the one thing that gets longer. */
function opened(changes: readonly FileChange[]): readonly string[] {
  return changes.flatMap(({ file, edits }) =>
    edits.flatMap(({ change, at }) =>
      change === 'append' &&
      ALLOWING.test(String(at.at(-1))) &&
      file.text?.includes(String(at.at(-1))) === true
        ? [`${file.path}: \`${at.join('.')}\` gets the gateway beside what it allowed before, which stays`]
        : [],
    ),
  )
}

const ALLOWING = /^allow/

/** Whoever can change what is run by everybody’s agents decides for them. */
function unguarded({ connect }: GatewayCommands): readonly string[] {
  const program = connect.find((word) => isAbsolute(word))
  const open = program === undefined ? undefined : whoCanChange(program)
  return open === undefined
    ? []
    : [`${program ?? ''} is run by everybody’s agents, and not only an administrator can change it: ${open}`]
}

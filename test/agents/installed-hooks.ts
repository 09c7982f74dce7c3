import type { JsonObject } from '../../src/core/json.ts'
import type { ConfigurationFile } from '../../src/server/agents/agent-configuration.ts'
import { gatewayCommands } from '../../src/server/agents/gateway-commands.ts'
import { KNOWN_AGENTS } from '../../src/server/agents/known-agents.ts'
import type { AgentName } from './pinned.ts'
import type { AgentSession } from './real-agent.ts'

/** The hooks of an agent as `remit init` writes them, by event, but for how long the agent waits where that is told. */
export function installedHooks(
  agent: AgentName,
  { home, workspace, hookTimeout }: AgentSession,
): Readonly<Record<string, readonly JsonObject[]>> {
  const { platform } = process
  const part = filesOf(agent, home, workspace)
    .flatMap(({ parts }) => parts)
    .find(({ kind }) => kind === 'hooks')
  if (part?.kind !== 'hooks') throw new Error(`${agent} has no hooks in its configuration`)
  const entries = Object.entries(part.entries(gatewayCommands({ agent, platform, connect: [] })))
  return Object.fromEntries(
    entries.map(([event, entry]) => [
      event,
      [hookTimeout === undefined ? entry : waiting(entry, hookTimeout)],
    ]),
  )
}

export interface InstalledScript {
  readonly path: string
  readonly text: string
}

/** The scripts of an agent whose hooks are files, as `remit init` writes them for its user. */
export function installedScripts(
  agent: AgentName,
  { home, workspace }: AgentSession,
): readonly InstalledScript[] {
  const commands = gatewayCommands({ agent, platform: process.platform, connect: [] })
  return filesOf(agent, home, workspace)
    .filter(({ level }) => level === 'user')
    .flatMap(({ path, parts }) =>
      parts.filter((part) => part.kind === 'script').map((part) => ({ path, text: part.text(commands) })),
    )
}

function filesOf(agent: AgentName, home: string, project: string): readonly ConfigurationFile[] {
  const configuration = KNOWN_AGENTS.find((each) => each.agent === agent)
  return configuration?.files({ home, project, environ: {}, platform: process.platform }) ?? []
}

/** Agents count seconds or milliseconds. */
function waiting(entry: JsonObject, seconds: number): JsonObject {
  const text = JSON.stringify(entry, (key, value: unknown) => {
    if (!key.startsWith('timeout') || typeof value !== 'number') return value
    return value < 1000 ? seconds : seconds * 1000
  })
  return JSON.parse(text) as JsonObject
}

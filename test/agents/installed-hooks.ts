import type { JsonObject } from '../../src/core/json.ts'
import { BEFORE_SECONDS } from '../../src/server/agents/command-hooks.ts'
import { gatewayCommands } from '../../src/server/agents/gateway-commands.ts'
import { KNOWN_AGENTS } from '../../src/server/agents/known-agents.ts'
import type { AgentName } from './pinned.ts'
import type { AgentSession } from './real-agent.ts'

/** The hooks of an agent as `remit init` writes them, by event, but for how long the agent waits before a tool. */
export function installedHooks(
  agent: AgentName,
  { home, workspace, hookTimeout = BEFORE_SECONDS }: AgentSession,
): Readonly<Record<string, readonly JsonObject[]>> {
  const platform = process.platform
  const configuration = KNOWN_AGENTS.find((each) => each.agent === agent)
  const files = configuration?.files({ home, project: workspace, environ: {}, platform }) ?? []
  const part = files.flatMap(({ parts }) => parts).find(({ kind }) => kind === 'hooks')
  if (part?.kind !== 'hooks') throw new Error(`${agent} has no hooks in its configuration`)
  const entries = Object.entries(part.entries(gatewayCommands({ agent, platform, connect: [] })))
  return Object.fromEntries(entries.map(([event, entry]) => [event, [waiting(entry, hookTimeout)]]))
}

/** Agents count seconds or milliseconds. */
function waiting(entry: JsonObject, seconds: number): JsonObject {
  const text = JSON.stringify(entry, (key, value: unknown) =>
    key.startsWith('timeout') && (value === BEFORE_SECONDS || value === BEFORE_SECONDS * 1000)
      ? (value / BEFORE_SECONDS) * seconds
      : value,
  )
  return JSON.parse(text) as JsonObject
}

import { existsSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import type { SecretsAnswer } from '../api/contract.ts'
import { asRemitError, RemitError } from '../core/errors.ts'
import { type AgentSurroundings, ownAgentSurroundings } from '../server/agents/agent-surroundings.ts'
import { findAgents, type FoundAgent } from '../server/agents/find-agents.ts'
import { gatewayCommands, type GatewayCommands } from '../server/agents/gateway-commands.ts'
import { KNOWN_AGENTS } from '../server/agents/known-agents.ts'
import { createScanner } from '../server/create-scanner.ts'
import { endpointFor, loginFolder } from '../server/init/gateway-connection.ts'
import { maskedDiff } from '../server/init/masked-diff.ts'
import { type InitPlan, planInit } from '../server/init/plan-init.ts'
import type { LoadedConfig } from '../server/load-config.ts'
import { projectOf } from '../server/repository-around.ts'
import { stateOf } from '../server/state-of.ts'
import { loadSelected } from '../server/tenants/select-tenant.ts'
import { type AdminClient, openAdminClient } from './admin-client.ts'
import { serverFileOf } from './change-servers.ts'
import { type Invocation, listFlag, textFlag, UsageError } from './command.ts'
import { configPlace } from './config-place.ts'

export interface PreparedInit {
  readonly plan: InitPlan
  readonly agents: readonly FoundAgent[]
  readonly loaded: LoadedConfig
  /** The gateway’s own file. */
  readonly file: string
  /** Secrets of the gateway’s store. */
  readonly stored: ReadonlyMap<string, { readonly used: boolean }>
  /** Undefined = no gateway runs here. */
  readonly reader: AdminClient | undefined
  /** A difference that shows no secret. */
  readonly differenceOf: (before: string, after: string) => readonly string[]
  /** What an agent is to start. */
  readonly connectOf: (agent: string) => readonly string[]
}

/** Looks at agents, files and gateway, and changes nothing. @throws UsageError, and as `planInit`. */
export async function prepareInit(invocation: Invocation): Promise<PreparedInit> {
  const { io, flags } = invocation
  const at = ownAgentSurroundings(io.environ, projectOf(io.cwd))
  const agents = wantedAgents(invocation, at)
  const loaded = loadForInit(invocation)
  const reader = await readerOf(invocation)
  const stored = await storedSecrets(reader)
  const scanner = createScanner()
  const gateway = serverFileOf(invocation)
  const endpoint = endpointFor(configPlace(invocation), loaded)
  const commandsOf = (agent: string): GatewayCommands => commandsFor(agent, { at, endpoint })
  const plan = planInit({
    agents,
    at,
    level: levelOf(invocation),
    stored,
    scanner,
    gateway,
    environ: io.environ,
    skipBad: flags['skip-bad'] === true,
    allowUnpinned: flags['allow-unpinned'] === true,
    owner: textFlag(invocation, 'owner') ?? userInfo().username,
    trust: textFlag(invocation, 'trust') ?? 'review',
    commandsOf,
  })
  const values = [...plan.values.values()]
  return {
    plan,
    agents,
    loaded,
    file: gateway.file,
    stored,
    reader,
    differenceOf: (before, after) => maskedDiff(before, after, { scanner, values }),
    connectOf: (agent) => commandsOf(agent).connect,
  }
}

/**
 * The configuration of the gateway that is meant. Where neither a file nor a gateway’s state is, none is made in passing.
 * @throws RemitError `config_invalid`.
 */
export function loadForInit(invocation: Invocation): LoadedConfig {
  const loaded = loadSelected(configPlace(invocation))
  const { root } = stateOf(loaded)
  if (loaded.file !== undefined || existsSync(root)) return loaded
  throw new RemitError(
    'config_invalid',
    `there is neither a \`remit.yaml\` nor the state of a gateway (\`${root}\`) here; name the gateway’s file with --config`,
  )
}

function levelOf({ flags }: Invocation): 'user' | 'project' {
  if (flags['user'] === true && flags['project'] === true) {
    throw new UsageError('`--user` and `--project` cannot stand together', 'init')
  }
  return flags['project'] === true ? 'project' : 'user'
}

/** @throws UsageError, RemitError `input_invalid` where there is none. */
function wantedAgents(invocation: Invocation, at: AgentSurroundings): readonly FoundAgent[] {
  const named = listFlag(invocation, 'agent')
  const found = findAgents(at)
  if (named === undefined) {
    if (found.length > 0) return found
    const keys = KNOWN_AGENTS.map(({ agent }) => agent).join(', ')
    throw new RemitError('input_invalid', `no coding agent was found here; name one with --agent (${keys})`)
  }
  return named.map((key) => {
    const known = KNOWN_AGENTS.find(({ agent }) => agent === key)
    if (known !== undefined)
      return found.find(({ configuration }) => configuration === known) ?? { configuration: known }
    throw new UsageError(
      `\`${key}\` is no agent that is known here; there are ${KNOWN_AGENTS.map(({ agent }) => agent).join(', ')}`,
      'init',
    )
  })
}

function commandsFor(
  agent: string,
  { at, endpoint }: { readonly at: AgentSurroundings; readonly endpoint: string },
): GatewayCommands {
  const login = join(loginFolder(at.environ), `${agent}.json`)
  const connect = ['--agent', agent, '--url', endpoint, '--login-file', login]
  return gatewayCommands({ agent, platform: at.platform, connect })
}

/** Undefined = no gateway runs here. */
async function readerOf(invocation: Invocation): Promise<AdminClient | undefined> {
  try {
    const client = await openAdminClient(invocation, 'read', { quiet: true })
    await client.get('/status')
    return client
  } catch (thrown) {
    const { code } = asRemitError(thrown)
    if (code === 'gateway_unreachable' || code === 'credential_missing') return undefined
    throw thrown
  }
}

async function storedSecrets(
  reader: AdminClient | undefined,
): Promise<ReadonlyMap<string, { readonly used: boolean }>> {
  if (reader === undefined) return new Map()
  const { secrets } = await reader.get<SecretsAnswer>('/secrets')
  return new Map(secrets.map(({ name, usedBy }) => [name, { used: usedBy.length > 0 }]))
}

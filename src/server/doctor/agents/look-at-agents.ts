import type { Json } from '../../../core/json.ts'
import type { AgentSurroundings } from '../../agents/agent-surroundings.ts'
import { findAgents, type FoundAgent } from '../../agents/find-agents.ts'
import { settingsIn } from '../../start-report/hook-files.ts'
import type { AgentFinding } from './agent-finding.ts'
import { canaryPayloads } from './canary-payloads.ts'
import { connectAsAgent } from './doctor-connection.ts'
import { askingLines, type HookProgram, hookProgram } from './hook-commands.ts'
import { lookAtCanary } from './look-at-canary.ts'
import { lookAtHooks } from './look-at-hooks.ts'
import { lookAtServers } from './look-at-servers.ts'
import { lookAtVersion } from './look-at-version.ts'
import { readIfAny } from '../../start-report/read-if-any.ts'

/** Milliseconds until a connection that was just started can be found. */
const PATIENCE = 20_000

/** What is to be known of each agent of this machine; nothing is changed by looking, and it ends in bounded time. */
export async function lookAtAgents(at: AgentSurroundings): Promise<readonly AgentFinding[]> {
  const looks = findAgents(at).map(async (found): Promise<readonly AgentFinding[]> => {
    const { findings, gateway } = lookAtServers(found, at)
    const [version, canaries] = await Promise.all([
      lookAtVersion(found, at.environ),
      lookAtCanaries(found, at, gateway),
    ])
    return [...lookAtHooks(found, at, readIfAny), ...canaries, ...findings, ...version]
  })
  return (await Promise.all(looks)).flat()
}

async function lookAtCanaries(
  { configuration }: FoundAgent,
  at: AgentSurroundings,
  gateway: Json | undefined,
): Promise<readonly AgentFinding[]> {
  const { agent, title } = configuration
  const payloads = canaryPayloads(agent, at.project)
  const { hooks, others } = programsOf(configuration, at)
  const told = others.map((line): AgentFinding => {
    return { about: 'hooks', result: 'note', says: `${title}: \`${line}\` is not called by doctor` }
  })
  if (payloads === undefined || hooks.length === 0 || at.platform === 'win32') return told
  const hasToken = Boolean(at.environ['REMIT_TOKEN'] || at.environ['REMIT_TOKEN_FILE'])
  const connection = hasToken
    ? undefined
    : gateway === undefined
      ? { without: 'it has no gateway' }
      : connectAsAgent(gateway, at.environ)
  const without = connection !== undefined && 'without' in connection ? connection : {}
  const end = Date.now() + PATIENCE
  const mayCome = (): boolean =>
    connection !== undefined && 'end' in connection && connection.isUp() && Date.now() < end
  const place = { agent, title, environ: at.environ, cwd: at.project, mayCome, ...without }
  try {
    return [...told, ...(await Promise.all(hooks.map((hook) => lookAtCanary(hook, payloads, place))))]
  } finally {
    if (connection !== undefined && 'end' in connection) connection.end()
  }
}

interface Programs {
  readonly hooks: readonly HookProgram[]
  /** Lines that are not run here. */
  readonly others: readonly string[]
}

function programsOf(configuration: FoundAgent['configuration'], at: AgentSurroundings): Programs {
  const hooks = new Map<string, HookProgram>()
  const others = new Set<string>()
  for (const file of configuration.files(at)) {
    const text = readIfAny(file.path)
    if (text === undefined || !file.parts.some(({ kind }) => kind === 'hooks' || kind === 'script')) continue
    for (const line of askingLines(file, settingsIn(file, text)['hooks'] ?? settingsIn(file, text), text)) {
      const hook = hookProgram(line, file.level)
      if (hook === undefined) others.add(line)
      else hooks.set(line, hook)
    }
  }
  return { hooks: [...hooks.values()], others: [...others].filter((line) => !hooks.has(line)) }
}

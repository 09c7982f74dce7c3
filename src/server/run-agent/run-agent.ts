import { realpathSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { RemitError } from '../../core/errors.ts'
import { HolderKey } from '../../identity/holder-key.ts'
import { withheldPaths } from '../control-paths.ts'
import type { ConfigLocation } from '../load-config.ts'
import { PACKAGE_ROOT } from '../package-version.ts'
import type { Withheld } from '../sandbox/control-mounts.ts'
import { findBubblewrap, findProgram } from '../sandbox/find-bubblewrap.ts'
import { homeOf } from '../sandbox/plan-sandbox.ts'
import { isWithin } from '../sandbox/system-paths.ts'
import { stateOf } from '../state-of.ts'
import { TaskAccess } from '../task-access.ts'
import { neighboursIn } from '../tenants/neighbours.ts'
import { loadInstallation, loadSelected } from '../tenants/select-tenant.ts'
import { agentHome, type AgentHome } from './agent-home.ts'
import { boxEnvironment, openEnvironment } from './box-environment.ts'
import { makeBoxHome } from './box-home.ts'
import { comesFromBelow } from './box-processes.ts'
import { planBox } from './plan-box.ts'
import { type Relay, startRelay } from './relay.ts'
import { type StartedAgent, startInBox, startInTheOpen } from './start-agent.ts'

/** An agent that is to be started, as far as it can be known before there is a task. */
export interface PreparedAgent {
  /** Absolute. */
  readonly program: string
  readonly args: readonly string[]
  readonly home: AgentHome
  /** Absolute, links followed. */
  readonly workspace: string
  /** Is to hold its task, and lives as long as this process. */
  readonly key: HolderKey
  /** Absolute path of bubblewrap; undefined = it is started in the open, as was asked for. */
  readonly bubblewrap: string | undefined
}

export interface AgentWish {
  readonly command: readonly string[]
  readonly workspace: string | undefined
  /** False = `--no-sandbox`. */
  readonly boxed: boolean
}

/**
 * Everything that can be wrong is found before a task is made.
 * @throws RemitError `input_invalid`.
 */
export function prepareAgent({ environ, cwd }: ConfigLocation, wish: AgentWish): PreparedAgent {
  const [name = '', ...args] = wish.command
  const program = name.includes('/') ? resolve(cwd, name) : findProgram(name, environ['PATH'] ?? '')
  if (program === undefined) {
    throw new RemitError('input_invalid', `there is no program \`${name}\` on the PATH`)
  }
  const workspace = realFolder(resolve(cwd, wish.workspace ?? '.'))
  return {
    program,
    args,
    home: agentHome(basename(name)),
    workspace,
    key: HolderKey.make(),
    bubblewrap: boxMaker(environ, wish),
  }
}

function boxMaker(environ: ConfigLocation['environ'], { boxed }: AgentWish): string | undefined {
  if (!boxed) return undefined
  const found = findBubblewrap(environ['PATH'] ?? '')
  if ('program' in found) return found.program
  throw new RemitError(
    'input_invalid',
    `the agent cannot be started in a sandbox: ${found.missing}. Install bubblewrap, or say \`--no-sandbox\`: then the task counts as not sandboxed`,
  )
}

function realFolder(path: string): string {
  try {
    return realpathSync(path)
  } catch (cause) {
    throw new RemitError('input_invalid', `there is no folder \`${path}\``, { cause })
  }
}

export interface AgentRun extends ConfigLocation {
  readonly endpoint: string
  readonly token: string
  /** Absolute paths. */
  readonly read: readonly string[]
  /** Variables that are handed on beside those of the agent. */
  readonly named: readonly string[]
}

/** Runs an agent to its end. @returns its exit code. @throws RemitError `input_invalid`, `config_invalid`. */
export async function runAgent(agent: PreparedAgent, run: AgentRun): Promise<number> {
  const access = new TaskAccess({ endpoint: run.endpoint, token: async () => run.token, key: agent.key })
  const { promise: started, resolve: tell } = Promise.withResolvers<StartedAgent | undefined>()
  const relay = await startRelay({
    endpoint: run.endpoint,
    access,
    admits: async (connection) => {
      if (agent.bubblewrap === undefined) return true
      const box = await (await started)?.box
      return box !== undefined && comesFromBelow(connection, box)
    },
  })
  try {
    if (agent.bubblewrap === undefined) return await inTheOpen(agent, run, relay)
    return await inBox({ ...agent, bubblewrap: agent.bubblewrap }, run, { relay, tell })
  } finally {
    tell(undefined)
    await relay.close()
  }
}

function inTheOpen(agent: PreparedAgent, run: AgentRun, relay: Relay): Promise<number> {
  const env = { ...openEnvironment(run.environ), ...connection(relay) }
  return startInTheOpen(agent.program, { args: agent.args, cwd: agent.workspace, env }).ended
}

async function inBox(
  agent: PreparedAgent & { readonly bubblewrap: string },
  run: AgentRun,
  { relay, tell }: { readonly relay: Relay; readonly tell: (agent: StartedAgent) => void },
): Promise<number> {
  const { program, args, workspace, bubblewrap } = agent
  const home = homeOf(run.environ)
  const boxHome = makeBoxHome(agent.home, home)
  try {
    const env = {
      ...boxEnvironment(run.environ, [...agent.home.env, ...run.named]),
      HOME: home,
      ...connection(relay),
    }
    const plan = planBox({
      program,
      args,
      workspace,
      cwd: workspace,
      home: { path: home, from: boxHome.path },
      data: agent.home.data.map((name) => join(home, name)),
      read: run.read,
      own: [join(PACKAGE_ROOT, 'bin', 'remit'), process.execPath],
      path: run.environ['PATH'] ?? '',
      withheld: withheldFrom(run, workspace),
    })
    const started = startInBox(bubblewrap, plan, env)
    tell(started)
    return await started.ended
  } finally {
    boxHome.end()
  }
}

/** Where `remit-hook`, `remit connect` and whoever speaks MCP over HTTP find the gateway from within. */
function connection({ url, token }: Relay): Record<string, string> {
  return { REMIT_AGENT_URL: url, REMIT_TOKEN: token, REMIT_MCP_URL: `${url}/mcp`, REMIT_TASK_TOKEN: token }
}

/** In the demo the workspace lies in the state folder; everything else there is hidden as always. */
function withheldFrom(where: ConfigLocation, workspace: string): Withheld {
  const loaded = loadSelected(where)
  const installation = loadInstallation(where)
  const state = stateOf(loaded)
  if (isWithin(workspace, join(state.demo, 'workspace'))) return withheldPaths({ loaded, state, demo: true })
  return withheldPaths({ loaded, state, demo: false, neighbours: neighboursIn(installation) })
}

import { resolve } from 'node:path'
import type { Log } from '../core/log.ts'
import { composeGateway, type RunningGateway } from './compose.ts'
import { demoFolder, writeDemoConfig } from './demo-config.ts'
import { startTickets, withTickets } from './demo-tickets.ts'
import { makeDemoWorkspace } from './demo-workspace.ts'
import { type ConfigLocation, type LoadedConfig, loadConfig, rereadConfig } from './load-config.ts'
import { createLog } from './log.ts'
import { protectionReport } from './protection.ts'
import { openStateFolder } from './state-folder.ts'

export interface StartOptions extends ConfigLocation {
  readonly demo: boolean
  /** Takes a line of the log with its line feed. */
  readonly writeLog: (line: string) => void
  readonly terminal: boolean
}

/** A gateway that runs, as the command line shows it. */
export interface StartedGateway extends RunningGateway {
  readonly state: string
  readonly config: string | undefined
  readonly servers: readonly string[]
  readonly workspace: string | undefined
  readonly workflow: string
  readonly protection: ReturnType<typeof protectionReport>
}

/**
 * Loads the configuration and starts a gateway on it; with `demo` also the demo's project and servers.
 * @throws RemitError as `composeGateway`.
 */
export async function startGateway(options: StartOptions): Promise<StartedGateway> {
  const found = loadConfig(options)
  return options.demo ? startDemo(options, found) : start(options, found)
}

/** Without a configuration of its own, the folder gets one in the state folder. */
async function startDemo(options: StartOptions, found: LoadedConfig): Promise<StartedGateway> {
  const state = openStateFolder(resolve(found.folder, found.config.state))
  const { workspace } = demoFolder(state)
  makeDemoWorkspace(workspace)
  const loaded = found.file === undefined ? loadConfig({ ...options, file: writeDemoConfig(state) }) : found
  const tickets = await startTickets()
  try {
    const reread = (): LoadedConfig => withTickets(rereadConfig(loaded, options.environ), tickets.url)
    const gateway = await start(options, withTickets(loaded, tickets.url), reread)
    const stop = async (): Promise<void> => {
      await gateway.stop()
      await tickets.stop()
    }
    return { ...gateway, workspace, stop }
  } catch (error) {
    await tickets.stop()
    throw error
  }
}

async function start(
  options: StartOptions,
  loaded: LoadedConfig,
  reread?: () => LoadedConfig,
): Promise<StartedGateway> {
  const { config, folder } = loaded
  const log = makeLog(options, loaded)
  const gateway = await composeGateway({
    loaded,
    environ: options.environ,
    log,
    demo: options.demo,
    ...(reread === undefined ? {} : { reread }),
  })
  return {
    ...gateway,
    state: resolve(folder, config.state),
    config: loaded.file,
    servers: Object.keys(config.servers),
    workspace: undefined,
    workflow: Object.keys(config.workflows).find((name) => name !== 'demo') ?? 'code',
    protection: protectionReport(),
  }
}

function makeLog({ terminal, writeLog, environ }: StartOptions, { config }: LoadedConfig): Log {
  const { level, format } = config.log
  const pretty = format === 'pretty' || (format === 'auto' && terminal)
  return createLog({
    level,
    format: pretty ? 'pretty' : 'json',
    colour: terminal && (environ['NO_COLOR'] ?? '') === '',
    now: () => Date.now(),
    write: writeLog,
  })
}

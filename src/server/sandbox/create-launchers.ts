import { join } from 'node:path'
import type { Launcher } from '../../mcp/launcher.ts'
import type { ServerConfig } from '../config-schema.ts'
import { withheldPaths } from '../control-paths.ts'
import type { Foundation } from '../open-foundation.ts'
import type { ResolvedServer } from '../secrets.ts'
import { type Bubblewrap, findBubblewrap } from './find-bubblewrap.ts'
import { launchedServer } from './launched-server.ts'
import { ServerLauncher } from './server-launcher.ts'

type LauncherSources = Pick<Foundation, 'loaded' | 'state' | 'environ' | 'demo' | 'log'> &
  Partial<Pick<Foundation, 'neighbours'>>

export type LauncherOf = (key: string, server: ServerConfig, resolved: ResolvedServer) => Launcher

/** How each stdio server of this gateway is started. Whether the machine has sandboxes is found out once. */
export function createLaunchers(sources: LauncherSources): LauncherOf {
  const { loaded, state, environ, log } = sources
  const withheld = withheldPaths(sources)
  const told = new Set<string>()
  let found: Bubblewrap | undefined
  const bubblewrap = (): Bubblewrap => (found ??= findBubblewrap(environ['PATH'] ?? ''))
  return (key, server, { env }) => {
    const own = join(state.servers, key)
    const launcher = new ServerLauncher({
      server: launchedServer(server),
      folder: loaded.folder,
      env,
      own,
      withheld,
      bubblewrap,
    })
    const { confinement } = launcher
    if (!confinement.confined && !told.has(key)) {
      told.add(key)
      log.log('warn', 'server.unconfined', { server: key, reason: confinement.reason })
    }
    return launcher
  }
}

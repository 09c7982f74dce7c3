import { chmodSync, mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { RemitError } from '../../core/errors.ts'
import { type AgentPlace, findEndpoint } from '../find-endpoint.ts'
import { authorityOf, parseAddress } from '../listen-address.ts'
import type { Environ, LoadedConfig } from '../load-config.ts'

/**
 * Where agents will find the gateway: the one that runs here, else where the configuration says that it will.
 * @throws RemitError `gateway_unreachable` where neither tells.
 */
export function endpointFor(place: AgentPlace, { config, installation }: LoadedConfig): string {
  try {
    return findEndpoint(place)
  } catch (thrown) {
    const address = parseAddress(config.listen.agent)
    if (installation !== undefined) throw thrown
    if (config.publicUrl !== undefined) return `${config.publicUrl.replace(/\/$/, '')}/mcp`
    if (address === undefined || address.port === 0) throw thrown
    return `http://${authorityOf(address)}/mcp`
  }
}

/** Where logins of agents lie: a user’s own, outside of repositories, one file an agent. */
export function loginFolder(environ: Environ): string {
  const home = environ['HOME'] || homedir()
  return join(environ['XDG_STATE_HOME'] || join(home, '.local', 'state'), 'remit', 'logins')
}

/** @throws RemitError `state_unreadable`. */
export function makeLoginFolder(folder: string): void {
  try {
    const made = mkdirSync(folder, { recursive: true, mode: 0o700 })
    if (made !== undefined) chmodSync(folder, 0o700)
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown'
    throw new RemitError('state_unreadable', `\`${folder}\` cannot be made (${code}); nothing was changed`, {
      cause,
    })
  }
}

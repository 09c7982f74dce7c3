import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

/** What an agent is to run, for one agent. */
export interface GatewayCommands {
  readonly agent: string
  /** The program that speaks MCP on stdio. */
  readonly connect: readonly [string, ...string[]]
  /** A line for the shell: payload on stdin, exit code 2 is a no. */
  readonly hook: string
  /** URL of the plugin for agents whose hooks are JavaScript. */
  readonly plugin: string
}

export interface CommandWish {
  readonly agent: string
  readonly platform: NodeJS.Platform
  /** Arguments of `remit connect`. */
  readonly connect: readonly string[]
  /** Where the package lies; absent = this one. */
  readonly root?: string
}

/** Of this very installation: an agent has a PATH and a folder of its own. */
export function gatewayCommands({ agent, platform, connect, root = OWN_ROOT }: CommandWish): GatewayCommands {
  const bin = (name: string): string => join(root, 'bin', name)
  const plugin = pathToFileURL(join(root, 'agents', 'opencode-plugin.js')).href
  if (platform === 'win32') {
    return {
      agent,
      connect: ['node', bin('remit'), 'connect', ...connect],
      hook: `node "${bin('remit')}" hook ${agent}`,
      plugin,
    }
  }
  return {
    agent,
    connect: [bin('remit'), 'connect', ...connect],
    hook: `${quoted(bin('remit-hook'))} ${agent}`,
    plugin,
  }
}

/** Whether a text of a configuration runs, or loads, what asks a gateway about hooks, of this installation or another. */
export function asksGateway(text: string): boolean {
  return /(?:^|[\\/"' ])remit-hook["']? |[\\/]remit["']? hook |[\\/]opencode-plugin\.js$/.test(text)
}

/** The folder of the package: as far above the sources as above what is built of them. */
const OWN_ROOT = join(fileURLToPath(import.meta.url), '..', '..', '..', '..')

function quoted(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`
}

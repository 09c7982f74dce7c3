import { resolve } from 'node:path'
import type { ServerKey } from '../core/ids.ts'
import type { Launcher } from '../mcp/launcher.ts'
import type { ServerSettings } from '../mcp/door-deps.ts'
import type { UpstreamConfig } from '../mcp/upstream.ts'
import type { ServerConfig } from './config-schema.ts'
import type { ResolvedServer } from './secrets.ts'

export interface UpstreamPlace {
  readonly resolved: ResolvedServer
  /** What relative paths start from. */
  readonly folder: string
  /** Of a program. */
  readonly launcher?: Launcher
}

/** A server of the configuration as the door reaches it. */
export function upstreamConfig(key: ServerKey, server: ServerConfig, place: UpstreamPlace): UpstreamConfig {
  const { era, session, timeout } = server
  const { unusable } = place.resolved
  const transport = transportOf(server, place)
  return { key, transport, era, session, timeout, ...(unusable === undefined ? {} : { unusable }) }
}

/** Unsaid, a program is taken to share this machine's files and a URL not to: both are the careful reading. */
export function serverSettings(server: ServerConfig, folder: string): ServerSettings {
  const fileSystem = server.fileSystem ?? (server.command === undefined ? 'remote' : 'shared')
  const { roots } = server
  const idempotent = new Map<string, boolean>()
  for (const [name, tool] of Object.entries(server.tools)) {
    if (tool.idempotent !== undefined) idempotent.set(name, tool.idempotent)
  }
  return {
    fileSystem,
    ...(server.root === undefined ? {} : { root: resolve(folder, server.root) }),
    ...(server.sampling === 'relay' ? { sampling: 'relay' } : {}),
    ...(idempotent.size === 0 ? {} : { idempotent }),
    ...(roots === undefined ? {} : { roots: roots === 'relay' ? roots : roots.map((uri) => ({ uri })) }),
  }
}

function transportOf(
  server: ServerConfig,
  { resolved, folder, launcher }: UpstreamPlace,
): UpstreamConfig['transport'] {
  if (server.command === undefined) {
    const { url = '', allowPrivate } = server
    const { headers, credentials } = resolved
    return {
      kind: 'http',
      url,
      headers,
      allowPrivate,
      ...(credentials === undefined ? {} : { credentials }),
      ...(server.oauth === undefined ? {} : { perHuman: true as const }),
    }
  }
  return {
    kind: 'stdio',
    command: server.command,
    args: server.args ?? [],
    env: resolved.env,
    ...(server.cwd === undefined ? {} : { cwd: resolve(folder, server.cwd) }),
    ...(launcher === undefined ? {} : { launcher }),
  }
}

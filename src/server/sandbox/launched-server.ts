import type { ServerConfig } from '../config-schema.ts'

/** What of a server's configuration counts when its process is started. */
export type LaunchedServer = Pick<
  ServerConfig,
  'command' | 'args' | 'env' | 'cwd' | 'root' | 'roots' | 'sandbox'
>

export function launchedServer(server: ServerConfig): LaunchedServer {
  const { command, args, env, cwd, root, roots, sandbox } = server
  return { command, args, env, cwd, root, roots, sandbox }
}

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { PACKAGE_ROOT } from '../server/package-version.ts'
import type { Command } from './command.ts'

export const hook: Command = {
  path: 'hook',
  summary: 'ask the gateway about one hook of a coding agent',
  positionals: [{ name: 'agent', summary: 'whose hook it is, as in docs/hooks.md: `claude-code`, `codex`…' }],
  flags: [],
  notes: `For the configuration of agents, with the hook's payload on stdin. Where there is
a shell, \`remit-hook\` does the same and starts faster.
Asks over the connection of the agent (\`remit connect --agent\`). Without one,
REMIT_TOKEN or REMIT_TOKEN_FILE is the token of the task, REMIT_AGENT_URL the agent
plane; REMIT_GATEWAY_NAME is the agent's name for the gateway among its MCP servers.
Exit code 2 with the reason on stderr is a no; so is everything that goes wrong.`,
  // `bin/remit` runs the client itself; this is for who starts the command line otherwise.
  run: async ({ positionals, io }) => {
    const client = join(PACKAGE_ROOT, 'agents', 'hook-client.js')
    const env = { ...io.environ, REMIT_LAUNCHER: String(process.pid) }
    const child = spawn(process.execPath, [client, ...positionals], { stdio: 'inherit', env })
    const [code] = await once(child, 'exit').catch(() => [2])
    return code === 0 ? 0 : 2
  },
}

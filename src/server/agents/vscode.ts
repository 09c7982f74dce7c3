import { join } from 'node:path'
import type { AgentConfiguration, HooksPart, ServersPart } from './agent-configuration.ts'
import { applicationData } from './agent-surroundings.ts'
import { COPILOT_CLI } from './copilot-cli.ts'
import { COPILOT_HOOKS } from './copilot-hooks.ts'
import type { GatewayCommands } from './gateway-commands.ts'
import { stdioServers } from './server-parts.ts'

/**
 * Its sessions run the harness of Copilot CLI and read its hooks, so what it starts asks as Copilot CLI does.
 * https://code.visualstudio.com/docs/copilot/customization/mcp-servers, /hooks; the program itself was not run.
 */
export const VSCODE: AgentConfiguration = {
  agent: 'vscode',
  title: 'VS Code (Copilot)',
  programs: ['code'],
  folders: (at) => [join(applicationData(at), 'Code', 'User')],
  files: (at) => {
    const servers = { format: 'json', parts: [SERVERS] } as const
    const hooks = { format: 'json', parts: [HOOKS] } as const
    return [
      { path: join(applicationData(at), 'Code', 'User', 'mcp.json'), level: 'user', ...servers },
      { path: join(at.home, '.copilot', 'hooks', 'remit.json'), level: 'user', ...hooks },
      { path: join(at.project, '.vscode', 'mcp.json'), level: 'project', ...servers },
      { path: join(at.project, '.github', 'hooks', 'remit.json'), level: 'project', ...hooks },
    ]
  },
}

const OWN = stdioServers(['servers'])

const SERVERS: ServersPart = {
  ...OWN,
  gateway: (commands) => OWN.gateway?.(asCopilot(commands)) ?? {},
}

const HOOKS: HooksPart = {
  ...COPILOT_HOOKS,
  entries: (commands) => COPILOT_HOOKS.entries(asCopilot(commands)),
}

function asCopilot({ connect: [program, ...args], hook, ...rest }: GatewayCommands): GatewayCommands {
  const { agent } = COPILOT_CLI
  const named = args.map((word, at) => (args[at - 1] === '--agent' ? agent : word))
  return { ...rest, agent, connect: [program, ...named], hook: hook.replace(/vscode$/, agent) }
}

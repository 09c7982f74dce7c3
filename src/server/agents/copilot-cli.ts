import { join } from 'node:path'
import { isJsonObject, type Json } from '../../core/json.ts'
import type { AgentConfiguration, ServersPart } from './agent-configuration.ts'
import { managedFolder, movable } from './agent-surroundings.ts'
import { COPILOT_HOOKS } from './copilot-hooks.ts'

/** https://docs.github.com/en/copilot/how-tos/copilot-cli/customize-copilot/add-mcp-servers; hooks seen in 1.0.102. */
export const COPILOT_CLI: AgentConfiguration = {
  agent: 'copilot-cli',
  title: 'GitHub Copilot CLI',
  programs: ['copilot'],
  folders: (at) => [movable(at, 'COPILOT_HOME', '.copilot')],
  files: (at) => {
    const user = movable(at, 'COPILOT_HOME', '.copilot')
    const names = { linux: 'github-copilot', mac: 'GitHubCopilot', windows: 'GitHub/Copilot' }
    const policy = join(managedFolder(at, names), 'policy.d', 'remit.json')
    const hooks = { format: 'json', parts: [COPILOT_HOOKS] } as const
    const servers = { format: 'json', parts: [SERVERS] } as const
    return [
      { path: join(user, 'mcp-config.json'), level: 'user', ...servers },
      { path: join(user, 'hooks', 'remit.json'), level: 'user', ...hooks },
      { path: join(at.project, '.github', 'mcp.json'), level: 'project', ...servers },
      // Which it shares with Claude Code, whose entry it would take for its own.
      {
        path: join(at.project, '.mcp.json'),
        level: 'project',
        format: 'json',
        parts: [{ kind: 'servers', at: ['mcpServers'], inCommonWords }],
      },
      { path: join(at.project, '.github', 'hooks', 'remit.json'), level: 'project', ...hooks },
      { path: policy, level: 'managed', ...hooks },
    ]
  },
}

const SERVERS: ServersPart = {
  kind: 'servers',
  at: ['mcpServers'],
  inCommonWords,
  gateway: ({ connect: [command, ...args] }) => ({ type: 'local', command, args, tools: ['*'] }),
}

function inCommonWords(entry: Json): Json {
  return isJsonObject(entry) && entry['type'] === 'local' ? { ...entry, type: 'stdio' } : entry
}

import { join } from 'node:path'
import type { AgentConfiguration } from './agent-configuration.ts'
import { plainServers } from './server-parts.ts'

/** https://kiro.dev/docs/mcp/configuration, /docs/cli/hooks; the program itself was not run. */
export const KIRO: AgentConfiguration = {
  agent: 'kiro',
  title: 'Kiro',
  programs: ['kiro', 'kiro-cli'],
  folders: ({ home }) => [join(home, '.kiro')],
  files: ({ home, project }) => {
    const servers = { format: 'json', parts: [plainServers(['mcpServers'])] } as const
    return [
      { path: join(home, '.kiro', 'settings', 'mcp.json'), level: 'user', ...servers },
      { path: join(project, '.kiro', 'settings', 'mcp.json'), level: 'project', ...servers },
    ]
  },
  afterwards: [
    'its hooks belong to each of its agents (`~/.kiro/agents/*.json`), so they are yours to write: docs/hooks.md',
  ],
}

import { join } from 'node:path'
import type { AgentConfiguration, HooksPart } from './agent-configuration.ts'
import { managedFolder } from './agent-surroundings.ts'
import { plainServers } from './server-parts.ts'

/** https://docs.windsurf.com/windsurf/cascade/hooks, /cascade/mcp; the program itself was not run. */
export const WINDSURF: AgentConfiguration = {
  agent: 'windsurf',
  title: 'Windsurf (Cascade)',
  programs: ['windsurf'],
  folders: ({ home }) => [join(home, '.codeium', 'windsurf')],
  files: (at) => {
    const user = join(at.home, '.codeium', 'windsurf')
    const managed = managedFolder(at, { linux: 'windsurf', mac: 'Windsurf', windows: 'Windsurf' })
    const hooks = { format: 'json', parts: [HOOKS] } as const
    return [
      {
        path: join(user, 'mcp_config.json'),
        level: 'user',
        format: 'json',
        parts: [plainServers(['mcpServers'])],
      },
      { path: join(user, 'hooks.json'), level: 'user', ...hooks },
      { path: join(at.project, '.windsurf', 'hooks.json'), level: 'project', ...hooks },
      { path: join(managed, 'hooks.json'), level: 'managed', ...hooks },
    ]
  },
  afterwards: ['only exit code 2 of a hook keeps a tool from running; whatever else goes wrong lets it run'],
}

const EVENTS = ['read_code', 'write_code', 'run_command', 'mcp_tool_use'] as const

const HOOKS: HooksPart = {
  kind: 'hooks',
  at: ['hooks'],
  entries: ({ hook: command }) =>
    Object.fromEntries(
      EVENTS.flatMap((event) => ['pre', 'post'].map((when) => [`${when}_${event}`, { command }])),
    ),
}

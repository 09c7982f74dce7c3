import { join } from 'node:path'
import type { AgentConfiguration, ScriptPart } from './agent-configuration.ts'
import { movable } from './agent-surroundings.ts'
import { stdioServers } from './server-parts.ts'

/** https://docs.cline.bot, /cline-cli, /features/hooks; servers seen in 3.0.65. A call waits a minute unless the entry says more. */
export const CLINE: AgentConfiguration = {
  agent: 'cline',
  title: 'Cline',
  programs: ['cline'],
  folders: (at) => [movable(at, 'CLINE_DIR', '.cline')],
  files: (at) => {
    const user = movable(at, 'CLINE_DIR', '.cline')
    const script = { format: 'script', parts: [SCRIPT] } as const
    const hooks = (folder: string, level: 'user' | 'project') =>
      ['PreToolUse', 'PostToolUse'].map((event) => ({ path: join(folder, event), level, ...script }))
    return [
      {
        path: join(user, 'data', 'settings', 'cline_mcp_settings.json'),
        level: 'user',
        format: 'json',
        parts: [stdioServers(['mcpServers'], { timeout: 600 })],
      },
      ...hooks(join(user, 'hooks'), 'user'),
      ...hooks(join(at.project, '.cline', 'hooks'), 'project'),
    ]
  },
  afterwards: [
    'whatever goes wrong with its hooks lets the tool run; its background process keeps the environment of its first start',
  ],
}

const SCRIPT: ScriptPart = { kind: 'script', text: ({ hook }) => `#!/bin/sh\nexec ${hook}\n` }

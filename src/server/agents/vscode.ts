import { join } from 'node:path'
import type { AgentConfiguration } from './agent-configuration.ts'
import { applicationData } from './agent-surroundings.ts'
import { stdioServers } from './server-parts.ts'

/** https://code.visualstudio.com/docs/copilot/customization/mcp-servers, /hooks; the program itself was not run. */
export const VSCODE: AgentConfiguration = {
  agent: 'vscode',
  title: 'VS Code (Copilot)',
  programs: ['code'],
  folders: (at) => [join(applicationData(at), 'Code', 'User')],
  files: (at) => {
    const servers = { format: 'json', parts: [stdioServers(['servers'])] } as const
    return [
      { path: join(applicationData(at), 'Code', 'User', 'mcp.json'), level: 'user', ...servers },
      { path: join(at.project, '.vscode', 'mcp.json'), level: 'project', ...servers },
    ]
  },
  afterwards: ['its hooks are those of Copilot CLI (`~/.copilot/hooks`, `.github/hooks`)'],
}
